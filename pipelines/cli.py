"""The commands that paint without a window, and how they are called; what they do is imported when it runs."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from pipelines.contract.errors import InvalidRequestError, ModelError, PipelineError
from pipelines.contract.models import DescriptionStyle, Family, ModelKind, Prediction, SchedulerName

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
"""Exit codes of every command."""

Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one sentence instead of a page."""

    def error(self, message: str) -> NoReturn:
        """Ends the program with BAD_INPUT."""
        self.exit(BAD_INPUT, f"{self.prog}: {message}. '{self.prog} --help' lists what can be given.\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command, e.g. `generate --prompt "moon over water" --out moon.png`; gives the exit code."""
    parser = Parser(prog="handscroll", description="Paint with a diffusion model from the command line.")
    add_commands(parser.add_subparsers(metavar="COMMAND", required=True))
    args = parser.parse_args(argv)
    return run_command(args.run, args)


def run_command(run: Run, args: argparse.Namespace) -> int:
    """Runs a command; whatever goes wrong becomes one sentence on stderr and an exit code."""
    try:
        return run(args)
    except KeyboardInterrupt:
        return _say("Cancelled.", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the border: nothing may reach the person as a traceback
        if os.environ.get("HANDSCROLL_DEBUG"):
            traceback.print_exc()
        return _explain(error)


def _explain(error: Exception) -> int:
    """One sentence about the error on stderr; gives the exit code."""
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python complains once more when it flushes at its end
        return FAILED
    if isinstance(error, PipelineError):
        return _say(str(error), BAD_INPUT if _is_input_fault(error) else FAILED)
    if isinstance(error, MemoryError):
        return _say("There is not enough memory for pictures of this size. Try a smaller one.", FAILED)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return _say(f"A file could not be read or written: {where}{error.strerror or error}.", FAILED)
    sentence = f"Something unforeseen went wrong ({type(error).__name__}: {error})."
    return _say(f"{sentence} Run it again with HANDSCROLL_DEBUG=1 to see where, and report it.", FAILED)


def _is_input_fault(error: PipelineError) -> bool:
    from pipelines.commands.errors import InputError

    return isinstance(error, InputError | InvalidRequestError | ModelError)


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(sentence.rstrip("\n") + "\n")
    return code


def _later(module: str, name: str) -> Run:
    """The command `name` of `pipelines.commands.<module>`, which is imported when it runs."""
    return partial(_run_from, module, name)


def _run_from(module: str, name: str, args: argparse.Namespace) -> int:
    return getattr(import_module(f"pipelines.commands.{module}"), name)(args)


def add_commands(commands: Any) -> None:
    """Adds the commands from generate to models to what `add_subparsers` gave; each sets `run`."""
    generate = commands.add_parser("generate", help="a new picture from a prompt")
    _add_painting(generate, _later("painting", "generate"))
    generate.add_argument("--width", type=int, metavar="PIXELS", help="default: the model's native size")
    generate.add_argument("--height", type=int, metavar="PIXELS", help="default: the model's native size")
    _add_guiding(generate)

    inpaint = commands.add_parser("inpaint", help="paint a part of a picture anew; the rest stays bit for bit")
    inpaint.add_argument("--image", type=Path, required=True, metavar="FILE", help="the picture; it keeps its size")
    inpaint.add_argument(
        "--mask", type=Path, required=True, metavar="FILE", help="a picture of the same size; white is painted anew"
    )
    _add_painting(inpaint, _later("painting", "inpaint"))
    inpaint.add_argument(
        "--strength", type=float, default=1.0, metavar="0..1", help="0 keeps what is there, 1 forgets it (default: 1)"
    )
    _add_guiding(inpaint)

    outpaint = commands.add_parser("outpaint", help="let a picture grow at its edges; the old part stays bit for bit")
    outpaint.add_argument("--image", type=Path, required=True, metavar="FILE", help="the picture")
    for side in ("left", "top", "right", "bottom"):
        outpaint.add_argument(f"--{side}", type=int, default=0, metavar="PIXELS", help=f"new pixels at the {side}")
    _add_painting(outpaint, _later("painting", "outpaint"))
    _add_following(outpaint)
    _add_animate(commands.add_parser("animate", help="let a picture move: a short clip, with a Wan model"))
    _add_upscale(commands.add_parser("upscale", help="make a picture larger, and paint its detail if wanted"))
    _add_describe(commands.add_parser("describe", help="say in words what pictures show"))
    _add_models(commands.add_parser("models", help="the model library: list, add, say, convert, download, …"))


def _add_upscale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--image", type=Path, required=True, metavar="FILE", help="the picture")
    parser.add_argument("--scale", type=float, default=2.0, metavar="1..8", help="how many times as large (default: 2)")
    parser.add_argument(
        "--upscaler",
        default="lanczos",
        metavar="lanczos|MODEL",
        help="an upscaling model of the ESRGAN family by name or path, or lanczos, which needs none (default)",
    )
    parser.add_argument(
        "--strength",
        type=float,
        default=0.0,
        metavar="0..1",
        help="how far --model may repaint the enlarged picture: 0 leaves it (default), 0.3 adds detail",
    )
    _add_painting(parser, _later("upscaling", "upscale"), prompt_default="")


def _add_describe(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_later("describing", "describe"))
    parser.add_argument("pictures", type=Path, nargs="+", metavar="PICTURE", help="a picture file; several are allowed")
    parser.add_argument(
        "--model", default="", metavar="NAME", help="a captioning model by name or path; default: the library's first"
    )
    styles = [str(style) for style in DescriptionStyle]
    parser.add_argument("--style", choices=styles, default=styles[0], help="how (default: in one sentence)")
    _add_engine(parser)


def _add_animate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("picture", type=Path, nargs="?", metavar="PICTURE", help="the first frame; else words alone")
    parser.add_argument("--frames", type=int, default=33, metavar="N", help="5, 9, 13 … up to 161 (default: 33)")
    parser.add_argument("--fps", type=float, default=16.0, metavar="F", help="pictures a second, 1 to 60 (default: 16)")
    parser.add_argument("--width", type=int, metavar="PIXELS", help="of a clip of words alone")
    parser.add_argument("--height", type=int, metavar="PIXELS", help="of a clip of words alone")
    parser.add_argument(
        "--strength",
        type=float,
        metavar="0..1",
        help="for models that cannot be shown a picture: how far it is painted over (default: 0.8)",
    )
    _add_request(parser, _later("animating", "animate"), "the clip: .webp, .apng, .gif or .mp4")
    parser.set_defaults(num_images=1)


def _add_painting(parser: argparse.ArgumentParser, run: Run, prompt_default: str | None = None) -> None:
    _add_request(parser, run, "the PNG to write; several are numbered", prompt_default)
    parser.add_argument(
        "--num-images", type=int, default=1, metavar="N", help="how many pictures; each has the next seed"
    )


def _add_request(parser: argparse.ArgumentParser, run: Run, out: str, prompt_default: str | None = None) -> None:
    parser.set_defaults(run=run)
    parser.add_argument("--prompt", required=prompt_default is None, default=prompt_default, help="what to paint")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="FILE", help=out)
    parser.add_argument("--negative-prompt", default="", metavar="PROMPT", help="what not to paint")
    parser.add_argument("--model", default="starter", help="name in the library, or path of a folder or file")
    parser.add_argument("--steps", type=int, metavar="N", help="denoising steps; default: what suits the model")
    parser.add_argument("--guidance-scale", type=float, metavar="X", help="how closely to follow the prompt")
    parser.add_argument("--scheduler", choices=[str(name) for name in SchedulerName], help="default: the model's own")
    parser.add_argument("--seed", type=int, metavar="N", help="the same seed gives the same picture; default: drawn")
    _add_words(parser)
    _add_engine(parser)


def _add_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--style", action="append", default=[], metavar="NAME", help="a style around the prompts; may be given again"
    )
    parser.add_argument(
        "--lora",
        action="append",
        default=[],
        metavar="NAME[:W]",
        help="a LoRA by name or path and its weight (default: 1), as <lora:NAME:W> in the prompt; may be given again",
    )
    parser.add_argument("--vae", default="", metavar="NAME", help="a VAE by name or path; default: the model's own")
    parser.add_argument(
        "--clip-skip",
        type=int,
        default=0,
        metavar="N",
        help="last layers of the text encoder to leave out (default: 0)",
    )


def _add_following(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--control",
        action="append",
        default=[],
        metavar="MODEL:IMAGE[:WEIGHT[:START-END]][:preprocess=KIND][:annotator=NAME]",
        help="a ControlNet or T2I-Adapter and the picture that it follows, as large as what is painted; its weight, "
        "and the part of the steps it acts in, 0-1. The picture is ready made, or preprocess says what to make of it: "
        "canny, lineart, softedge, scribble, tile, blur, gray, drawn (lines by hand), or depth, normal, pose, "
        "segmentation, seen by a network of the library, the first that can or the annotator of that name or path; may "
        "be given again",
    )
    parser.add_argument(
        "--reference",
        action="append",
        default=[],
        metavar="IMAGE[:MODEL[:WEIGHT]]",
        help="a picture to look at: through an IP-Adapter, or by editing models themselves; may be given again",
    )


def _add_guiding(parser: argparse.ArgumentParser) -> None:
    _add_following(parser)
    parser.add_argument(
        "--region",
        action="append",
        default=[],
        metavar="MASK.png:PROMPT",
        help="a prompt of its own where the mask, of the picture's size, is white; may be given several times",
    )
    parser.add_argument(
        "--variation-seed", type=int, metavar="N", help="the seed to turn the picture towards; default: drawn"
    )
    parser.add_argument(
        "--variation-strength", type=float, metavar="0..1", help="how far: 0 is the picture of --seed, 1 the other one"
    )
    parser.add_argument(
        "--variation-path",
        action="append",
        default=[],
        metavar="SEED:STRENGTH",
        help="a turn before that one, the same for every picture (a variation of a variation); may be given again",
    )


def _add_engine(parser: argparse.ArgumentParser) -> None:
    devices, numbers = ("auto", "cpu", "cuda", "mps", "xpu"), ("auto", "bf16", "fp16", "fp32")
    parser.add_argument("--device", choices=devices, default="", help="what computes; default: the best there is")
    parser.add_argument("--dtype", choices=numbers, default="", help="number format; default: what is quickest")
    _add_json(parser)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _add_models(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="every model in the library")
    listing.set_defaults(run=_later("models", "list_models"))
    kinds = ["all", *(str(kind) for kind in ModelKind)]
    listing.add_argument("--kind", choices=kinds, help="only this kind; default: those that paint")
    _add_json(listing)
    adding = actions.add_parser("add", help="add a folder of models; nothing is copied")
    adding.set_defaults(run=_later("models", "add_folder"))
    adding.add_argument("path", type=Path, help="a folder, or another program's folder with its models in it")
    _add_json(adding)
    removing = actions.add_parser("remove", help="forget a folder of models; no file is touched")
    removing.set_defaults(run=_later("models", "remove_folder"))
    removing.add_argument("path", type=Path, help="the folder")
    _add_json(removing)
    probing = actions.add_parser("probe", help="say what a file or folder is, without loading it")
    probing.set_defaults(run=_later("models", "probe_model"))
    probing.add_argument("path", type=Path, help="a .safetensors or .gguf file, a pickled file or a diffusers folder")
    _add_json(probing)
    _add_saying(actions)
    matrix = actions.add_parser("matrix", help="run small models of every family in every task and say what works")
    matrix.set_defaults(run=_later("models", "show_matrix"))
    matrix.add_argument("--library", action="store_true", help="run the models of your library instead")
    matrix.add_argument("--family", choices=[str(one) for one in Family if one is not Family.UNKNOWN], help="only this")
    _add_engine(matrix)
    _add_downloading(actions)


def _add_saying(actions: Any) -> None:
    saying = actions.add_parser("say", help="say what a model is, where its file does not tell; it is remembered")
    saying.set_defaults(run=_later("models", "say_model"))
    saying.add_argument("path", type=Path, help="the file or folder")
    saying.add_argument("--kind", choices=[str(one) for one in ModelKind], help="what it holds")
    saying.add_argument("--family", choices=[str(one) for one in Family], help="the family it belongs to")
    saying.add_argument("--variant", metavar="NAME", help="inpaint, turbo, kontext, pony …")
    saying.add_argument("--prediction", choices=[str(one) for one in Prediction if one], help="what it was trained for")
    saying.add_argument("--forget", action="store_true", help="take back all that was said before")
    _add_json(saying)
    converting = actions.add_parser("convert", help="make a safetensors file of a .ckpt, .pt, .pth or .bin file")
    converting.set_defaults(run=_later("models", "convert_model"))
    converting.add_argument("path", type=Path, help="the pickled file; it is never run, and stays as it is")
    converting.add_argument("--out", type=Path, metavar="FILE", help="default: beside it, with the suffix .safetensors")
    _add_json(converting)


def _add_downloading(actions: Any) -> None:
    bring = actions.add_parser("download", help="bring a model from Hugging Face, Civitai or any address")
    bring.set_defaults(run=_later("downloading", "download"))
    bring.add_argument("spec", metavar="SPEC", help="owner/name, civitai:1234, an address, or an id of the catalogue")
    bring.add_argument("--file", default="", metavar="PATH", help="one file or folder of the repository")
    bring.add_argument("--revision", default="", metavar="NAME", help="branch, tag or commit; default: main")
    bring.add_argument(
        "--variant", default="fp16", metavar="NAME", help="of the weights, where there is one (default: fp16); or full"
    )
    bring.add_argument("--to", type=Path, metavar="FOLDER", help="default: the model folder beside the library's index")
    bring.add_argument("--yes", action="store_true", help="agree to the licence that is shown")
    _add_json(bring)
    listing = actions.add_parser("catalogue", help="well-known models that can be had; asks no site")
    listing.set_defaults(run=_later("downloading", "show_catalogue"))
    listing.add_argument("search", nargs="*", metavar="WORD", help="only those that say all of these words")
    listing.add_argument("--family", choices=[str(name) for name in Family], default="", help="only this family")
    _add_json(listing)


if __name__ == "__main__":
    sys.exit(main())
