import AdjointTraining
import ArgumentParser

/// `adjoint evaluate`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a saved model on labelled data.",
        discussion: "Without data, a model of the digits is measured on those held out from it.")

    @Argument(help: "The folder of a run, or the model.safetensors in it.")
    var model: String

    @OptionGroup(title: "Data") var data: DataOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        try data.validate()
        if data.images != nil { try data.requireLabels() }
    }

    func run() throws {
        let saved = try SavedModel(model)
        let examples = try saved.examples(try source(saved))
        let predictions = saved.predict(examples)
        let evaluation = Evaluation(examples, predictions)
        guard !json else {
            let event = JSONLine(
                [("event", .text("done"))] + evaluation.members
                    + [("examples", .integer(examples.count))])
            return StandardOutput.line(event.description)
        }
        let what = data.source == nil ? "held-out examples" : "examples"
        StandardOutput.line(evaluation.summary(of: what))
        StandardOutput.line("")
        evaluation.details(.ofStandardOutput()).forEach(StandardOutput.line)
    }

    /// The data, their labels in the column that the model was trained on if none is named.
    private func source(_ saved: SavedModel) throws -> DataSource? {
        guard case .table(let path, nil) = data.source else { return data.source }
        guard let label = saved.configuration.inputs.labelName else {
            throw ValidationError("--data needs --label, the column that holds the classes")
        }
        return .table(path: path, label: label)
    }
}
