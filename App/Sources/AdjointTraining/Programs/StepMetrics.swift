/// What was measured after a step of a program. No times, so that equal runs write equal files.
public struct StepMetrics: Sendable, Equatable {
    /// The step, counted from 1.
    public var step: Int
    /// The mean training loss of the steps since the last measurement.
    public var trainLoss: Double
    /// What the program measures.
    public var measured: Double

    /// Metrics of one step.
    public init(step: Int, trainLoss: Double, measured: Double) {
        self.step = step
        self.trainLoss = trainLoss
        self.measured = measured
    }

    /// The table `metrics.csv`: a header, then a line a measurement, every digit of every number.
    static func csv(_ metrics: [StepMetrics], of program: ExampleProgram) -> String {
        metrics.reduce(into: "step,train_loss,\(program.measure.column)\n") { text, row in
            text += "\(row.step),\(row.trainLoss),\(row.measured)\n"
        }
    }
}
