import AdjointTraining
import ArgumentParser

/// `adjoint predict`.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Say what a saved model sees in new data: a class and its probability a row.",
        discussion: "Without data, a model of the digits reads those held out from its training.")

    @Argument(help: "The folder of a run, or the model.safetensors in it.")
    var model: String

    @Option(
        help: ArgumentHelp("A CSV file with the columns of the training data.", valueName: "file"))
    var data: String?

    @Option(help: ArgumentHelp("An IDX file of images.", valueName: "file"))
    var images: String?

    @Flag(help: "Print one JSON object a row, with the probabilities of all classes.")
    var json = false

    func validate() throws {
        if data != nil, images != nil {
            throw ValidationError("--data and --images exclude each other; give one of them")
        }
    }

    func run() throws {
        let saved = try SavedModel(model)
        let source: DataSource? =
            data.map { .table(path: $0, label: nil) }
            ?? images.map { .images(path: $0, labels: nil) }
        let predictions = saved.predict(try saved.examples(source))
        let names = saved.configuration.inputs.classNames
        for (row, (index, confidence)) in zip(predictions.classes, predictions.confidences)
            .enumerated()
        {
            if json {
                let event = JSONLine([
                    ("row", .integer(row + 1)), ("class", .text(names[index])),
                    ("probability", .number(confidence)),
                    ("probabilities", .list(predictions.probabilities(row).map { .number($0) })),
                ])
                StandardOutput.line(event.description)
            } else {
                let percent = (confidence * 1000).rounded() / 10
                StandardOutput.line("row \(row + 1): \(names[index])  \(percent)%")
            }
        }
    }
}
