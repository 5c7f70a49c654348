import Adjoint

/// A run of `adjoint train`: from the request, or from the folder of a stopped run, to the files
/// in its folder.
public struct TrainingRun {
    /// How the run goes.
    public let configuration: RunConfiguration
    /// Where its files are.
    public let folder: RunFolder
    /// How many examples are learned from and held out.
    public var counts: (training: Int, heldOut: Int) { (data.training.count, data.heldOut.count) }

    private let data: TrainingData
    /// What was saved of a stopped run, and where it stood.
    private let saved: (state: TrainingState, checkpoint: Checkpoint)?

    /// A new run, in the new folder `output`, or one with a name of its own in `runs`.
    public init(_ request: TrainingRequest, output: String?) throws {
        (configuration, data) = try request.configuration(ExampleSet(trainingOn: request.source))
        saved = nil
        folder =
            if let output {
                try RunFolder(creating: output)
            } else {
                try RunFolder(named: configuration.defaultName)
            }
    }

    /// The run that was stopped in the folder `path`, on the data that it was trained on.
    public init(resuming path: String) throws {
        folder = try RunFolder(existing: path)
        guard folder.holds(.checkpoint) else {
            throw folder.holds(.model)
                ? RunError(
                    "the run in \(path) is finished",
                    advice: "there is nothing to resume; train anew")
                : RunError(
                    "\(path) holds no stopped run",
                    advice: "name a folder with \(RunFolder.File.checkpoint.rawValue)")
        }
        configuration = try folder.read(RunConfiguration.self, from: .configuration)
        var examples = try ExampleSet(trainingOn: configuration.source)
        guard examples.fingerprint == configuration.fingerprint else {
            throw RunError(
                "the data have changed since the run in \(path) was stopped",
                advice: "bring them back, or train anew")
        }
        examples.shape = configuration.inputs.shape
        data = TrainingData(examples, seed: configuration.seed)
        let file = folder.path(of: .checkpoint)
        let state = try TrainingState(from: file)
        let schedule = Schedule(configuration, exampleCount: data.training.count)
        saved = (state, try Checkpoint(state, schedule, path: file))
    }

    /// Trains until the end or a signal. A new run that fails leaves no folder behind.
    ///
    /// - Parameter isTraced: True to write a trace for the studio into the folder, too.
    public func train(_ reporter: any TrainingReporter, isTraced: Bool = false) throws
        -> TrainingLoop.Outcome
    {
        do {
            let learner = try NetworkLearner(configuration, training: data.training)
            if let saved {
                try learner.restore(saved.state, path: folder.path(of: .checkpoint))
            }
            let steps =
                Schedule(configuration, exampleCount: data.training.count).stepsPerEpoch
                * configuration.epochs
            let name = folder.path.split(separator: "/").last.map(String.init) ?? folder.path
            let trace = isTraced ? try RunTrace(in: folder, title: name, steps: steps) : nil
            var loop = TrainingLoop(
                configuration, learner: learner, exampleCount: data.training.count,
                heldOut: data.heldOut, folder: folder, checkpoint: saved?.checkpoint, trace: trace)
            return try loop.run(reporter)
        } catch {
            reporter.progressEnded()
            if saved == nil { folder.discard() }
            throw error
        }
    }
}
