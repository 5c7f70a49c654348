import Adjoint
import AdjointExamples

/// A run of `adjoint train NAME`: a program of `AdjointExamples`, to the files in its folder.
public struct ProgramRun {
    /// How the run goes.
    public let configuration: ProgramConfiguration
    /// Where its files are.
    public let folder: RunFolder

    /// A new run, in the new folder `output`, or one with a name of its own in `runs`.
    public init(_ configuration: ProgramConfiguration, output: String?) throws {
        self.configuration = configuration
        folder =
            if let output {
                try RunFolder(creating: output)
            } else {
                try RunFolder(named: configuration.defaultName)
            }
    }

    /// Trains until the end, or until `shouldStop` says so after a step; writes the run's files
    /// either way. A run that fails leaves no folder behind.
    ///
    /// Throws a `RunError` when the loss is no number any more.
    public func train(
        _ reporter: any ProgramReporter,
        shouldStop: @escaping () -> Bool = { Interruption.signal != nil }
    ) throws -> ProgramResult {
        do {
            var log = ProgramLog(configuration)
            let result = try run { progress in
                log.note(progress)
                reporter.progressed(log.line)
                if progress.measured != nil, let row = log.metrics.last {
                    reporter.measured(row, of: configuration, log.line)
                }
                return log.failure == nil && !shouldStop()
            } finish: { measured in
                log.finish(measured)
                return log
            }
            reporter.progressEnded()
            return result
        } catch {
            reporter.progressEnded()
            folder.discard()
            throw error
        }
    }

    /// Runs the program; `finish` is told what it measured last, and gives what was noted.
    private func run(
        _ report: (ExampleProgress) -> Bool, finish: (Double) -> ProgramLog
    ) throws -> ProgramResult {
        let model: StateDict
        let log: ProgramLog
        let outcome: ProgramResult.Outcome
        switch configuration.program {
        case .names:
            var training = NamesTraining()
            training.steps = configuration.steps
            training.batchSize = configuration.batchSize
            training.learningRate = configuration.learningRate
            training.seed = configuration.seed
            let result = training.run(samples: 24, report)
            log = finish(result.loss)
            model = result.model.stateDict()
            outcome = .names(result.samples)
        case .burgers:
            var training = BurgersTraining()
            training.steps = configuration.steps
            training.points = configuration.batchSize
            training.learningRate = configuration.learningRate
            training.seed = configuration.seed
            let result = training.run(report)
            log = finish(result.error)
            model = result.solution.stateDict()
            outcome = .burgers(result.solution)
        }
        if let failure = log.failure { throw failure }
        let result = ProgramResult(
            configuration: configuration, outcome: outcome, metrics: log.metrics,
            seconds: log.seconds)
        try save(result, model)
        return result
    }

    private func save(_ result: ProgramResult, _ model: StateDict) throws {
        let name = folder.path.split(separator: "/").last.map(String.init) ?? folder.path
        try Adjoint.save(model, to: folder.path(of: .model))
        try folder.write(
            StepMetrics.csv(result.metrics, of: configuration.program), to: .metrics)
        try folder.write(ProgramCurves(title: name, result).svg(), to: .curves)
        switch result.outcome {
        case .names(let names):
            try folder.write(names.map { $0 + "\n" }.joined(), to: .samples)
        case .burgers(let solution):
            try folder.write(
                SolutionPicture(title: name, solution, error: result.measured).svg(),
                to: .solution)
        }
        try folder.write(configuration, to: .configuration)
    }
}
