//! What parameters are called, whichever tool writes them: the same thing by the same name, so that
//! records can be compared. A name that is not known here stays, in lower case.

/// The name in records of a parameter as a tool calls it.
pub(super) fn parameter_name(written: &str) -> String {
    let name = written.trim().to_lowercase().replace('_', " ");
    let common = match name.as_str() {
        "cfg" | "cfg scale" | "scale" | "guidance scale" => "guidance",
        "sampler name" => "sampler",
        "schedule type" => "scheduler",
        "denoising strength" => "denoise",
        _ => return name,
    };
    common.to_owned()
}

/// Whether what goes by this name is written by a person to the model. It is kept as prompts are.
pub(super) fn is_prompt(written: &str) -> bool {
    let name = written.to_lowercase();
    ["prompt", "template", "wildcard"].iter().any(|word| name.contains(word))
}
