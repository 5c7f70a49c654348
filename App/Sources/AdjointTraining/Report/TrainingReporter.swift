/// Tells whoever waits that work goes on.
public protocol ProgressReporter: AnyObject {
    /// A step was done.
    func progressed(_ progress: ProgressLine)
    /// No more progress will be told.
    func progressEnded()
}

/// Tells whoever waits how training goes.
public protocol TrainingReporter: ProgressReporter {
    /// An epoch was done and measured.
    func finished(_ metrics: EpochMetrics, of epochs: Int, _ progress: ProgressLine)
}

/// Tells whoever waits how a program goes.
public protocol ProgramReporter: ProgressReporter {
    /// Something was measured.
    func measured(
        _ metrics: StepMetrics, of configuration: ProgramConfiguration, _ progress: ProgressLine)
}

/// One live line where the terminal can draw over it, a plain line an epoch elsewhere.
public final class TextReporter: TrainingReporter, ProgramReporter {
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

    public func measured(
        _ metrics: StepMetrics, of configuration: ProgramConfiguration, _ progress: ProgressLine
    ) {
        if line != nil { return progressed(progress) }
        let program = configuration.program
        StandardOutput.line(
            "step \(metrics.step)/\(configuration.steps)"
                + "  loss \(NumberText.loss(metrics.trainLoss))"
                + "  \(program.measure.text) \(program.text(metrics.measured))"
                + "  \(NumberText.short(progress.examplesPerSecond)) steps/s")
    }

    public func progressEnded() { line?.close() }
}

/// One JSON object an epoch, and nothing between.
public final class JSONReporter: TrainingReporter, ProgramReporter {
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

    public func measured(
        _ metrics: StepMetrics, of configuration: ProgramConfiguration, _ progress: ProgressLine
    ) {
        let event = JSONLine([
            ("event", .text("step")), ("step", .integer(metrics.step)),
            ("steps", .integer(configuration.steps)),
            (configuration.program.measure.member, .number(metrics.measured)),
            ("loss", .number(metrics.trainLoss)),
            ("stepsPerSecond", .number(progress.examplesPerSecond)),
        ])
        StandardOutput.line(event.description)
    }

    public func progressEnded() {}
}
