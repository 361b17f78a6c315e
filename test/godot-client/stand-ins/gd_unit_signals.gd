## The one object through which GdUnit4 tells of its tests.
extends RefCounted

const Signals := preload("GdUnitSignals.gd")

signal gdunit_event(event: RefCounted)
signal gdunit_test_discover_added(test: RefCounted)


static func instance() -> Signals:
	if not Engine.has_meta("GdUnitSignals"):
		Engine.set_meta("GdUnitSignals", Signals.new())
	return Engine.get_meta("GdUnitSignals")
