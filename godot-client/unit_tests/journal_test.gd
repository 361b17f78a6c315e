extends "unit_test.gd"

const ForgottenIds := preload("res://addons/godot_mcp_hub/routing/journal.gd").ForgottenIds
const Journal := preload("res://addons/godot_mcp_hub/routing/journal.gd")

const KINDS_OF_IDS := 6


func test_an_id_is_unknown_then_running_then_answered() -> void:
	var journal := Journal.new()
	expect_equal(journal.state_of("a"), Journal.Entry.UNKNOWN)
	journal.begin("a")
	expect_equal(journal.state_of("a"), Journal.Entry.RUNNING)
	journal.record("a", "answer")
	expect_equal(journal.state_of("a"), Journal.Entry.ANSWERED)
	expect_equal(journal.answer_of("a"), "answer")


func test_it_keeps_1024_answers_and_of_those_before_that_they_were_given() -> void:
	var journal := Journal.new()
	for index: int in Journal.CAPACITY + 10:
		_run(journal, "id%d" % index)
	expect_equal(journal.size(), Journal.CAPACITY)
	expect_equal(journal.state_of("id9"), Journal.Entry.FORGOTTEN_ANSWER)
	expect_equal(journal.state_of("id10"), Journal.Entry.ANSWERED)


func test_what_has_run_is_known_and_what_has_not_is_told_from_it_whatever_the_ids_look_like() -> void:
	var journal := Journal.new()
	for index: int in 3 * ForgottenIds.SEGMENT_SIZE:
		_run(journal, _id(2 * index))
	var mistaken := 0
	for index: int in 3 * ForgottenIds.SEGMENT_SIZE:
		if journal.state_of(_id(2 * index)) == Journal.Entry.UNKNOWN:
			mistaken += 1
		if journal.state_of(_id(2 * index + 1)) != Journal.Entry.UNKNOWN or journal.may_have_begun(_id(2 * index + 1)):
			mistaken += 1
	expect_equal(mistaken, 0)


func test_what_another_sender_has_run_under_the_same_id_may_be_the_same() -> void:
	var journal := Journal.new()
	_run(journal, "a:x")
	_run(journal, "a#1")
	journal.begin("a:running:y")
	for id: String in ["b:x", "b#1", "b:running:y"]:
		expect_equal(journal.state_of(id), Journal.Entry.UNKNOWN, id)
		expect_true(journal.may_have_begun(id), "that %s may have begun" % id)
	for id: String in ["b:y", "b#2", "b:2", "b:running", "a:running:y:z"]:
		expect_true(not journal.may_have_begun(id), "that %s has surely not begun" % id)
	for index: int in Journal.CAPACITY:
		_run(journal, index)
	expect_true(journal.may_have_begun("b:x") and journal.may_have_begun("b#1"), "that this is never forgotten")


func test_where_more_have_run_than_can_be_remembered_nothing_is_sure_to_be_new() -> void:
	var ids := ForgottenIds.new()
	for index: int in ForgottenIds.SEGMENT_SIZE * ForgottenIds.SEGMENTS:
		ids.add(index)
	expect_true(not ids.has_lost_some and ids.has(0), "that a million are remembered")
	for index: int in ForgottenIds.SEGMENT_SIZE:
		ids.add(-1 - index)
	expect_true(ids.has_lost_some and not ids.has(0), "that the oldest give way, and that this is said")
	expect_true(ids.has(ForgottenIds.SEGMENT_SIZE) and ids.has(-1), "that the others are remembered")


func test_random_histories_run_nothing_twice() -> void:
	var random := RandomNumberGenerator.new()
	random.seed = Time.get_ticks_usec()
	var journal := Journal.new()
	var runs: Dictionary = {}
	for step: int in 20000:
		@warning_ignore("integer_division")
		var newest := step / 4
		var id: Variant = _id(random.randi_range(maxi(0, newest - 3000), newest))
		if journal.state_of(id) != Journal.Entry.UNKNOWN:
			continue
		journal.begin(id)
		if random.randf() < 0.1:
			journal.withdraw(id)
			continue
		runs[id] = runs.get(id, 0) + 1
		journal.record(id, "x")
	expect_equal(runs.values().max(), 1, "seed %d" % random.seed)


func test_it_never_forgets_what_still_runs() -> void:
	var journal := Journal.new()
	journal.begin("running")
	for index: int in Journal.CAPACITY + 10:
		_run(journal, "id%d" % index)
	expect_equal(journal.state_of("running"), Journal.Entry.RUNNING)


func test_of_a_long_answer_only_the_fact_remains() -> void:
	var journal := Journal.new()
	journal.begin("a")
	journal.record("a", "x".repeat(Journal.TEXT_LIMIT + 1))
	expect_equal(journal.state_of("a"), Journal.Entry.FORGOTTEN_ANSWER)


func test_old_answers_give_way_when_all_together_are_too_long() -> void:
	var journal := Journal.new()
	var count := ceili(float(Journal.TEXT_BUDGET) / Journal.TEXT_LIMIT) + 1
	for index: int in count:
		journal.begin(index)
		journal.record(index, "x".repeat(Journal.TEXT_LIMIT))
	expect_equal(journal.state_of(0), Journal.Entry.FORGOTTEN_ANSWER)
	expect_equal(journal.state_of(count - 1), Journal.Entry.ANSWERED)
	expect_equal(journal.size(), count)


func test_an_id_that_never_ran_can_be_taken_back() -> void:
	var journal := Journal.new()
	journal.begin("a")
	journal.withdraw("a")
	expect_equal(journal.state_of("a"), Journal.Entry.UNKNOWN)
	journal.begin("b")
	journal.record("b", "x")
	journal.withdraw("b")
	expect_equal(journal.state_of("b"), Journal.Entry.ANSWERED)


func _run(journal: Journal, id: Variant) -> void:
	journal.begin(id)
	journal.record(id, "x")


## Ids as adapters, the command line and others make them.
func _id(number: int) -> Variant:
	match (number >> 1) % KINDS_OF_IDS:
		0: return "0b4e2c1a-6f3a:k3J-x_9Z-%d" % number
		1: return "0b4e2c1a-6f3a#%d" % number
		2: return "0b4e2c1a-6f3a:cli-%s-1" % str(number).md5_text()
		3: return "0b4e2c1a-6f3a:%s" % str(number).sha256_text()
		4: return "0b4e2c1a-6f3a:%d é😀 \"" % number
	return number
