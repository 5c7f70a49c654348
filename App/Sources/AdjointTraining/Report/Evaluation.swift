/// How a model did on labelled examples, as text or as one JSON object.
public struct Evaluation: Sendable {
    private let examples: ExampleSet
    private let predictions: Predictions

    /// The outcome of `predictions` for `examples`, which have labels.
    public init(_ examples: ExampleSet, _ predictions: Predictions) {
        self.examples = examples
        self.predictions = predictions
    }

    /// The members `accuracy` and `loss` of a JSON event.
    public var members: [(name: String, value: JSONLine.Value)] {
        [
            ("accuracy", .number(predictions.accuracy(examples.labels))),
            ("loss", .number(predictions.loss(examples.labels))),
        ]
    }

    /// `357 of 360 held-out examples recognised (99.2%), loss 0.0312`.
    public func summary(of what: String) -> String {
        let accuracy = predictions.accuracy(examples.labels)
        let right = Int((accuracy * Double(examples.count)).rounded())
        return
            "\(right) of \(examples.count) \(what) recognised (\(NumberText.percent(accuracy))), "
            + "loss \(NumberText.loss(predictions.loss(examples.labels)))"
    }

    /// The confusion matrix and the worst mistakes.
    public func details(_ terminal: TerminalCapabilities) -> [String] {
        let classes = predictions.classes
        let matrix = ConfusionMatrix(
            truth: examples.labels, predictions: classes, classNames: examples.classNames)
        let mistakes = Mistakes(
            truth: examples.labels, predictions: classes, probabilities: predictions.confidences)
        var lines = matrix.draw(terminal)
        guard mistakes.total > 0 else { return lines }
        let arrow = terminal.unicode ? "→" : "->"
        let which =
            mistakes.total > mistakes.worst.count
            ? "The worst \(mistakes.worst.count) of \(mistakes.total) mistakes" : "All mistakes"
        lines += ["", "\(which) (true \(arrow) predicted):"]
        return lines + mistakes.draw(examples, terminal: terminal)
    }
}
