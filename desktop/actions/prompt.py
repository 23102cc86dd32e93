"""Writing prompts: weights, styles, earlier prompts, LoRAs."""

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

PROMPT = (
    _A("prompt.heavier", mark("actions", "Weigh Words More"),
       mark("actions", "Add 0.05 to the weight of the word at the cursor (Ctrl+Up in a prompt field)"),
       menu="generate/words"),
    _A("prompt.lighter", mark("actions", "Weigh Words Less"),
       mark("actions", "Take 0.05 from the weight of the word at the cursor (Ctrl+Down in a prompt field)"),
       menu="generate/words"),
    _A("prompt.earlier", mark("actions", "Earlier Prompt"),
       mark("actions", "Show the prompt that was painted before (Alt+PgUp in a prompt field)"),
       menu="generate/words", separator=True),
    _A("prompt.later", mark("actions", "Later Prompt"),
       mark("actions", "Show the prompt that was painted after this one (Alt+PgDn in a prompt field)"),
       menu="generate/words"),
    _A("prompt.history", mark("actions", "Earlier Prompts…"),
       mark("actions", "Choose from the prompts that were painted"), menu="generate/words"),
    _A("prompt.styles", mark("actions", "Styles…"),
       mark("actions", "Choose styles that put words around the prompt"), menu="generate/words", separator=True),
    _A("prompt.no-styles", mark("actions", "No Style"),
       mark("actions", "Take all styles off the prompt"), menu="generate/words"),
    _A("prompt.own-styles", mark("actions", "Own Styles…"),
       mark("actions", "Make, change and import styles and templates of your own"), menu="generate/words"),
    _A("prompt.add-lora", mark("actions", "Add LoRA…"),
       mark("actions", "Choose a LoRA of the library that suits the model"), menu="generate/words", separator=True),
    _A("prompt.no-loras", mark("actions", "Remove All LoRAs"),
       mark("actions", "Empty the list of LoRAs under the prompt"), menu="generate/words"),
    _A("prompt.from-novelai", mark("actions", "Convert NovelAI Weights"),
       mark("actions", "Rewrite {braces} and 1.3::weights:: of the prompt as (words:1.05)"), menu="generate/words"),
    _A("prompt.wildcards-folder", mark("actions", "Open Wildcards Folder"),
       mark("actions", "Text files there are choices: __colour__ is a line of colour.txt"),
       menu="generate/words", separator=True),
    _A("prompt.tags-folder", mark("actions", "Open Tag Lists Folder"),
       mark("actions", "Lists of tags there (tag,category,count,aliases) are offered while you type"),
       menu="generate/words"),
)  # fmt: skip
