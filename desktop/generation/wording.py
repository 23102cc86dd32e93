"""What words may name in the window, and its own sentences for what is named and is not there."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from pipelines.contract.errors import InvalidRequestError
from pipelines.library.wording import Fault, KnownWords
from pipelines.prompting.tag_lists import TagList


@dataclass(frozen=True)
class Wording(KnownWords):
    """What words may name, at one moment; never changes in place. Without anything it only chooses between {a|b}."""

    tags: TagList = field(default_factory=TagList)
    """For completion."""
    wildcard_names: tuple[str, ...] = ()
    """What can stand between `__`, for completion."""

    def refusal(self, name: str, fault: Fault, /, **values: str) -> InvalidRequestError:
        """In the present language."""
        return InvalidRequestError(name, _sentence(fault).format(**values))


def _sentence(fault: Fault) -> str:
    match fault:
        case Fault.NO_WILDCARD:
            return QCoreApplication.translate(
                "wording",
                "There is no wildcard file '{name}', or it names itself. Put {name}.txt, one choice a line, into the "
                "folder that Generate > Prompt > Open Wildcards Folder shows.",
            )
        case Fault.LORA_IN_REGION:
            return QCoreApplication.translate(
                "wording",
                "The LoRA '{name}' is named in the words of a region. LoRAs act on the whole picture: name it in the "
                "prompt instead.",
            )
        case Fault.NO_STYLE:
            return QCoreApplication.translate(
                "wording", "There is no style '{name}' any more. Take it out with the button Styles."
            )
        case Fault.NO_LORA:
            return QCoreApplication.translate(
                "wording",
                "There is no LoRA '{name}' in the library. Check how it is written, or add its folder with "
                "Generate > Model Folders.",
            )
        case Fault.LORA_OF_OTHERS:
            return QCoreApplication.translate(
                "wording",
                "The LoRA '{name}' is made for {own}; the chosen model is {family}. Take it out of the prompt.",
            )
        case Fault.NO_VAE:
            return QCoreApplication.translate(
                "wording", "The VAE '{name}' is no longer in the library. Choose another one, or the model's own."
            )
