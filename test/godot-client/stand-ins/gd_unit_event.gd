## What GdUnit4 tells of a test by its id, or of a suite by its path.
extends RefCounted

const Event := preload("GdUnitEvent.gd")

enum { INIT, STOP, TESTSUITE_BEFORE, TESTSUITE_AFTER, TESTCASE_BEFORE, TESTCASE_AFTER }

var failed: bool = false
var errors: bool = false
var skipped: bool = false
var flaky: bool = false
var _type: int = INIT
var _guid: RefCounted
var _resource_path: String = ""
var _reports: Array = []


func of(event_type: int) -> Event:
	_type = event_type
	return self


func in_suite(path: String) -> Event:
	_resource_path = path
	return self


func about(test_guid: RefCounted) -> Event:
	_guid = test_guid
	return self


func with(test_reports: Array) -> Event:
	_reports = test_reports
	failed = failed or (_type == TESTSUITE_AFTER and not test_reports.is_empty())
	errors = failed and test_reports.any(func(report: RefCounted) -> bool: return report.call("is_error"))
	failed = failed and not errors
	return self


func type() -> int:
	return _type


func guid() -> RefCounted:
	return _guid


func resource_path() -> String:
	return _resource_path


func test_name() -> String:
	return ""


func elapsed_time() -> int:
	return 125


func is_failed() -> bool:
	return failed


func is_error() -> bool:
	return errors


func is_skipped() -> bool:
	return skipped


func is_flaky() -> bool:
	return flaky


func reports() -> Array:
	return _reports
