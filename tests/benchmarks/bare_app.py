"""The least that a Textual program with a header and a footer can be: the peer of our start."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header


class BareApp(App[None]):
    """Header and Footer, nothing else."""

    def compose(self) -> ComposeResult:
        """Yield the two."""
        yield Header()
        yield Footer()


if __name__ == "__main__":
    BareApp().run()
