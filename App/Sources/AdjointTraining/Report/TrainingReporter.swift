/// Tells whoever waits how training goes.
public protocol TrainingReporter: AnyObject {
    /// A step was done.
    func progressed(_ progress: ProgressLine)
    /// An epoch was done and measured.
    func finished(_ metrics: EpochMetrics, of epochs: Int, _ progress: ProgressLine)
    /// No more progress will be told.
    func progressEnded()
}

/// One live line where the terminal can draw over it, a plain line an epoch elsewhere.
public final class TextReporter: TrainingReporter {
    private let line: LiveLine?

    /// A reporter to the standard output.
    public init() {
        line = TerminalCapabilities.ofStandardOutput().animates ? LiveLine() : nil
    }

    public func progressed(_ progress: ProgressLine) {
        // Asked anew, since the window may have another width by now.
        line?.update { progress.draw(.ofStandardOutput()) }
    }

    public func finished(_ metrics: EpochMetrics, of epochs: Int, _ progress: ProgressLine) {
        if line != nil { return progressed(progress) }
        StandardOutput.line(
            "epoch \(metrics.epoch)/\(epochs)  loss \(NumberText.loss(metrics.trainLoss))"
                + "  held-out loss \(NumberText.loss(metrics.heldOutLoss))"
                + "  accuracy \(NumberText.percent(metrics.heldOutAccuracy))"
                + "  \(NumberText.short(progress.examplesPerSecond)) examples/s")
    }

    public func progressEnded() { line?.close() }
}

/// One JSON object an epoch, and nothing between.
public final class JSONReporter: TrainingReporter {
    /// A reporter to the standard output.
    public init() {}

    public func progressed(_ progress: ProgressLine) {}

    public func finished(_ metrics: EpochMetrics, of epochs: Int, _ progress: ProgressLine) {
        let event = JSONLine([
            ("event", .text("epoch")), ("epoch", .integer(metrics.epoch)),
            ("epochs", .integer(epochs)), ("accuracy", .number(metrics.heldOutAccuracy)),
            ("loss", .number(metrics.heldOutLoss)),
            ("trainAccuracy", .number(metrics.trainAccuracy)),
            ("trainLoss", .number(metrics.trainLoss)),
            ("learningRate", .number(metrics.learningRate)),
            ("examplesPerSecond", .number(progress.examplesPerSecond)),
        ])
        StandardOutput.line(event.description)
    }

    public func progressEnded() {}
}
