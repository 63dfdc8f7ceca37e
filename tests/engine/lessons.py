"""A small lesson, built in Python, with one step of every kind."""

from dataclasses import replace

from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.run import LessonRun
from tutor.lesson.model import (
    BugStep,
    Choice,
    ChoiceStep,
    DescentExperiment,
    ExperimentStep,
    Goal,
    GraphNode,
    GraphStep,
    Lesson,
    LineFeedback,
    MatchedPair,
    MatchStep,
    NearMiss,
    NumberStep,
    OrderStep,
    Parameter,
    PlacedItem,
    PredictStep,
    Preset,
    SelectStep,
    SlopeExperiment,
    Step,
    Symptom,
    TextStep,
)

SPHERE = DescentExperiment(objective="sphere", start=(-3.0, 4.0), learning_rate=0.1, steps=1)

READ = TextStep(kind="text", id="read", body="Read this.")
CHOOSE = ChoiceStep(
    kind="choice",
    id="choose",
    body="Which?",
    choices=(
        Choice(text="up", feedback="No.", misconception="G1"),
        Choice(text="down", correct=True, feedback="Yes."),
        Choice(text="aside", feedback="Nor that."),
    ),
    hints=("Look.", "Look again."),
    solution="Down.",
)
MARK = SelectStep(
    kind="select",
    id="mark",
    body="Which of them?",
    choices=(
        Choice(text="up", feedback="That climbs.", misconception="G1"),
        Choice(text="down", correct=True, feedback="Something goes down."),
        Choice(text="aside", feedback="That stays."),
        Choice(text="steeply down", correct=True, feedback="Something goes down fast."),
    ),
    right="Both go down.",
)
ARRANGE = OrderStep(
    kind="order",
    id="arrange",
    body="In which order?",
    items=(
        PlacedItem(text="look", feedback="That comes before all."),
        PlacedItem(text="aim", misconception="G1"),
        PlacedItem(text="step", feedback="Nothing is aimed at yet."),
    ),
    right="So it goes.",
    wrong="Not so.",
)
MATCH = MatchStep(
    kind="match",
    id="match",
    body="Which belongs to which?",
    pairs=(
        MatchedPair(item="A", match="falls", feedback="Look at A."),
        MatchedPair(item="B", match="swings", misconception="L4"),
        MatchedPair(item="C", match="rises"),
    ),
    right="Each has its own.",
    wrong="Look again.",
)
GRAPH = GraphStep(
    kind="graph",
    id="graph",
    body="Back?",
    inputs={"x": "3", "y": "2"},
    nodes=(
        GraphNode(name="p", rule="multiply", of=("x", "y")),
        GraphNode(name="s", rule="add", of=("p", "x")),
        GraphNode(name="L", rule="square", of=("s",)),
    ),
)
COUNT = NumberStep(
    kind="number",
    id="count",
    body="How much?",
    answer="abs(1 - 2*0.1)",
    near_misses=(NearMiss(value="1 - 0.1", feedback="The 2 is missing.", misconception="chain"),),
)
GUESS = PredictStep(
    kind="predict",
    id="guess",
    body="Where?",
    experiment=SPHERE,
    charts=("descent-path",),
    ask="final-point",
    tolerance=0.3,
    right="Yes.",
    wrong="No.",
)
TUNE = ExperimentStep(
    kind="experiment",
    id="tune",
    body="Turn it.",
    experiment=DescentExperiment(objective="sphere", start=(-3.0, 4.0), steps=20),
    charts=("descent-path", "loss-curve"),
    parameters=(
        Parameter(name="learning_rate", label="η", value=0.01, range=(1e-4, 2.0), scale="log"),
        Parameter(name="steps", label="steps", value=20, range=(1, 100), step=1),
    ),
    goal=Goal(quantity="loss", is_="below", value=1e-3, within_steps=20),
    witness={"learning_rate": 0.3},
    presets=(Preset(name="ping-pong", values={"learning_rate": 1.0}),),
)
LOOK = ExperimentStep(
    kind="experiment",
    id="look",
    body="Zoom in.",
    experiment=SlopeExperiment(objective="cubic", x=1.0, h=0.5),
    charts=("curve", "error-curve", "slope-curve"),
    parameters=(
        Parameter(name="h", label="h", value=0.5, range=(1e-8, 1.0), scale="log"),
        Parameter(name="x", label="x", value=1.0, range=(-2.0, 2.0)),
    ),
)

FIND = BugStep(
    kind="bug",
    id="find",
    body="Which line?",
    code="def numerical_diff(f, x):\n    h = 1e-4\n    return (f(x + h) - f(x - h)) / h",
    fault_line=3,
    mend="return (f(x + h) - f(x - h)) / (2*h)",
    symptom=Symptom(run="divided-by-h"),
    lines=(LineFeedback(line=2, feedback="It is small enough.", misconception="D5"),),
    right="2h apart.",
    wrong="Not that.",
)

LESSON = Lesson(
    format=1,
    id="sample/all-kinds",
    title="All kinds",
    summary="One step of each.",
    minutes=1,
    objectives=("See each kind",),
    steps=(READ, CHOOSE, COUNT, GUESS, TUNE, FIND, LOOK),
)


def alone(step: Step, seed: int = 3) -> LessonRun:
    """Return a run of the lesson with this step alone."""
    return begin(replace(LESSON, steps=(step,)), seed=seed)


def after(run: LessonRun, *events: ev.Event) -> LessonRun:
    """Return the run that these events lead to."""
    for event in events:
        run, _ = advance(run, event)
    return run
