import Foundation

/// A trained model, ready for new data.
public struct SavedModel {
    /// How it was trained, and what it takes.
    public let configuration: RunConfiguration
    private let learner: NetworkLearner

    /// Opens the model in a run's folder; `path` is the folder, or the safetensors file in it.
    public init(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw RunError(
                "there is no model at \(path)", advice: "name the folder of a run, as runs/...")
        }
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
        let folder = try RunFolder(existing: isFolder.boolValue ? path : parent)
        guard folder.holds(.configuration) else {
            throw RunError(
                "\(folder.path) holds no config.json, which tells how the model is built",
                advice: "name the folder of a run, as runs/...")
        }
        if let run = try? folder.read(ProgramConfiguration.self, from: .configuration) {
            throw RunError(
                "the run in \(folder.path) is of 'adjoint train \(run.program.rawValue)', which "
                    + "tells no classes apart",
                advice: "name the folder of a run on digits, a table or images")
        }
        configuration = try folder.read(RunConfiguration.self, from: .configuration)
        learner = try NetworkLearner(configuration, training: nil)
        try learner.loadModel(from: isFolder.boolValue ? folder.path(of: .model) : path)
    }

    /// The examples of `source`, prepared for the model; without one, the digits that were held
    /// out from its training.
    public func examples(_ source: DataSource?) throws -> ExampleSet {
        if let source { return try ExampleSet(reading: source, for: configuration.inputs) }
        guard configuration.source == .digits else {
            throw RunError(
                "the model was trained on data of its own",
                advice: "name the data to use with --data, or with --images")
        }
        var digits = Digits.load()
        digits.shape = configuration.inputs.shape
        return TrainingData(digits, seed: configuration.seed).heldOut
    }

    /// What the model says about `examples`.
    public func predict(_ examples: ExampleSet) -> Predictions {
        Predictions(
            logits: learner.logits(examples), classCount: configuration.inputs.classNames.count)
    }
}
