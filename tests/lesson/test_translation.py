"""A translation lays its texts over the lesson, and says exactly what does not fit."""

from dataclasses import replace
from pathlib import Path

import pytest

from tutor.lesson.loader import load_lesson
from tutor.lesson.model import ChoiceStep, ExperimentStep, PredictStep
from tutor.lesson.problem import LessonError
from tutor.lesson.texts import map_texts, texts_of
from tutor.lesson.translation import load_translation, read_translation, translated

SAMPLES = Path(__file__).parents[1] / "sample_lessons"
LESSON = load_lesson(SAMPLES / "good.yaml")
HEAD = "translates: gradients/sample\nlanguage: zh\n"


def complaints(text: str, name: str = "a.zh.yaml") -> list[str]:
    with pytest.raises(LessonError) as caught:
        read_translation(text, name, LESSON)
    return [str(problem) for problem in caught.value.problems]


def test_every_text_of_the_sample_is_translated():
    chinese = translated(LESSON, load_translation(SAMPLES / "good.zh.yaml", LESSON))
    same = [
        b.path
        for a, b in zip(texts_of(LESSON, ""), texts_of(chinese, ""), strict=True)
        if a.text == b.text
    ]
    signs = [f"steps[sort].items[{number}].label" for number in (1, 2, 3)]
    signs = ["steps[tune].parameters[1].label", "steps[factor].worked", *signs]
    assert ["sources[1]", *signs] == same


def test_texts_deep_in_a_step_are_replaced_and_nothing_else():
    chinese = translated(LESSON, load_translation(SAMPLES / "good.zh.yaml", LESSON))
    tune, swing = chinese.steps[2], chinese.steps[4]
    assert isinstance(tune, ExperimentStep)
    assert isinstance(swing, ChoiceStep)
    assert ("来回弹", {"learning_rate": 1.0}) == (tune.presets[0].name, tune.presets[0].values)
    assert ["离最小值点一样近", "离得更远"] == [choice.text for choice in swing.choices]
    assert [True, False] == [choice.correct for choice in swing.choices]
    assert map_texts(LESSON, "", lambda _: "x") == map_texts(chinese, "", lambda _: "x")


def test_what_is_left_out_stays_english():
    text = f"{HEAD}steps:\n  swing:\n    choices: [~, {{text: 离得更远}}]\n"
    swing = translated(LESSON, read_translation(text, "a.zh.yaml", LESSON)).steps[4]
    assert isinstance(swing, ChoiceStep)
    assert ["just as near to the minimum", "离得更远"] == [each.text for each in swing.choices]
    assert "Compare the distances, not the looks." == swing.choices[1].feedback


def test_a_text_that_may_be_code_as_well_is_translated():
    look = replace(LESSON.steps[0], solution="In words.")
    lesson = replace(LESSON, steps=(look,))
    text = f"{HEAD}steps: {{look: {{solution: 用话说。}}}}\n"
    assert (
        "用话说。"
        == translated(lesson, read_translation(text, "a.zh.yaml", lesson)).steps[0].solution
    )


def test_texts_come_with_their_key_paths_in_the_lessons_order():
    predict = LESSON.steps[1]
    assert isinstance(predict, PredictStep)
    assert ["body", "near_misses[1].feedback", "right", "wrong"] == [
        text.path for text in texts_of(predict, "")
    ]


@pytest.mark.parametrize(
    ("rest", "complaint"),
    [
        ("titel: 名\n", "a.zh.yaml:3: titel: is not a key of a lesson; write title"),
        ("minutes: 5\n",
         "a.zh.yaml:3: minutes: is not translated; delete it: numbers, code and answers stand in "
         "the lesson alone"),
        ("steps: {swng: {}}\n",
         "a.zh.yaml:3: steps.swng: the lesson has no step swng; write swing"),
        ("steps: [swing]\n",
         "a.zh.yaml:3: steps: is a list; write keys with values: look, where-next, tune, factor, "
         "swing, "
         "twice-as-large, sort, how-high, write-it"),
        ("steps: {swing: {title: 名}}\n",
         "a.zh.yaml:3: steps.swing.title: has no text in the lesson; delete it, or write it there "
         "first"),
        ("steps: {swing: {parameters: []}}\n",
         "a.zh.yaml:3: steps.swing.parameters: is not a key of a choice step; use one of: body, "
         "choices"),
        ("steps: {tune: {goal: {value: 3}}}\n",
         "a.zh.yaml:3: steps.tune.goal: is not translated; delete it: numbers, code and answers "
         "stand in the lesson alone"),
        ("steps: {tune: {presets: [{name: 一, values: {}}]}}\n",
         "a.zh.yaml:3: steps.tune.presets[1].values: is not translated; delete it: numbers, code "
         "and answers stand in the lesson alone"),
        ("steps: {tune: {hints: [一, 二]}}\n",
         "a.zh.yaml:3: steps.tune.hints: has 2 items, and the lesson 1; items go by their place: "
         "leave one out with ~"),
        ("steps: {tune: {hints: 一}}\n",
         "a.zh.yaml:3: steps.tune.hints: is the single value '一'; write a list: [first, second]"),
        ("steps: {tune: {body: [一]}}\n",
         "a.zh.yaml:3: steps.tune.body: is a list; write a single value"),
        ("title: |\n  一\n  二\n", "a.zh.yaml:3: title: has several lines; write it on one line"),
        ("title:\n", "a.zh.yaml:3: title: has no value; write one, or leave the key out"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_lesson_is_told(rest: str, complaint: str):
    assert [complaint] == complaints(HEAD + rest)


def test_the_head_says_what_is_translated_into_what():
    assert [
        "a.zh.yaml:1: has no language; write language: zh",
        "a.zh.yaml:1: has no translates; write translates: gradients/sample",
    ] == complaints("title: 名\n")
    assert [
        "a.zh.yaml:1: translates: is not the lesson beside this file; write translates: "
        "gradients/sample",
        "a.zh.yaml:2: language: is not the language of the file's name; write language: zh",
    ] == complaints("translates: gradients/other\nlanguage: en\n")


def test_an_unknown_language_is_told():
    text = "translates: gradients/sample\nlanguage: fr\n"
    expected = "a.fr.yaml:2: language: fr is not a language of Nabla; use one of: en, zh"
    assert [expected] == complaints(text, "a.fr.yaml")


def test_what_has_no_keys_is_told():
    expected = "a.zh.yaml:1: does not start with keys; start with translates: gradients/sample"
    assert [expected] == complaints("- a\n")


def test_what_is_no_yaml_is_told_with_its_line():
    assert ["a.zh.yaml:2"] == [each.partition(": ")[0] for each in complaints("a: [\nb: ]]")]
