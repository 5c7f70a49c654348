import AdjointExamples

/// What a program told while it ran.
struct ProgramLog {
    private let configuration: ProgramConfiguration
    private let begin = ContinuousClock.now
    private(set) var metrics: [StepMetrics] = []
    /// Why the program cannot go on.
    private(set) var failure: RunError?
    private var step = 0
    private var lossSum = 0.0
    private var lossCount = 0

    init(_ configuration: ProgramConfiguration) { self.configuration = configuration }

    /// Notes a step.
    mutating func note(_ progress: ExampleProgress) {
        step = progress.step
        lossSum += progress.loss
        lossCount += 1
        if !progress.loss.isFinite, failure == nil {
            failure = RunError(
                "the loss became \(progress.loss) in step \(step)",
                advice: "lower --learning-rate, which is \(configuration.learningRate) now")
        }
        if let measured = progress.measured { append(measured) }
    }

    /// Notes what was measured after the last step.
    mutating func finish(_ measured: Double) {
        if lossCount > 0 { append(measured) }
    }

    private mutating func append(_ measured: Double) {
        metrics.append(
            StepMetrics(step: step, trainLoss: lossSum / Double(lossCount), measured: measured))
        (lossSum, lossCount) = (0, 0)
    }

    /// Seconds since the start.
    var seconds: Double {
        let time = begin.duration(to: .now).components
        return Double(time.seconds) + Double(time.attoseconds) * 1e-18
    }

    /// How far the program has come.
    var line: ProgressLine {
        var line = ProgressLine()
        line.noun = "step"
        (line.epoch, line.epochs) = (step, configuration.steps)
        (line.step, line.steps) = (step, configuration.steps)
        line.losses = metrics.map(\.trainLoss)
        if lossCount > 0 { line.losses.append(lossSum / Double(lossCount)) }
        if let row = metrics.last {
            line.measured =
                "\(configuration.program.measure.text) \(configuration.program.text(row.measured))"
        }
        let seconds = max(self.seconds, 1e-9)
        line.examplesPerSecond = Double(step) / seconds
        line.secondsLeft = seconds / Double(max(step, 1)) * Double(configuration.steps - step)
        return line
    }
}
