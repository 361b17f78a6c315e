extends "unit_test.gd"

const Journal := preload("res://addons/godot_mcp_hub/journal.gd")


func test_an_id_is_unknown_then_running_then_answered() -> void:
	var journal := Journal.new()
	expect_equal(journal.state_of("a"), Journal.Entry.UNKNOWN)
	journal.begin("a")
	expect_equal(journal.state_of("a"), Journal.Entry.RUNNING)
	journal.record("a", "answer")
	expect_equal(journal.state_of("a"), Journal.Entry.ANSWERED)
	expect_equal(journal.answer_of("a"), "answer")


func test_it_remembers_1024_ids_and_forgets_the_oldest() -> void:
	var journal := Journal.new()
	for index: int in Journal.CAPACITY + 10:
		journal.begin("id%d" % index)
		journal.record("id%d" % index, "x")
	expect_equal(journal.size(), Journal.CAPACITY)
	expect_equal(journal.state_of("id9"), Journal.Entry.UNKNOWN)
	expect_equal(journal.state_of("id10"), Journal.Entry.ANSWERED)


func test_it_never_forgets_what_still_runs() -> void:
	var journal := Journal.new()
	journal.begin("running")
	for index: int in Journal.CAPACITY + 10:
		journal.begin("id%d" % index)
		journal.record("id%d" % index, "x")
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
