import Adjoint
import Foundation

/// A small problem, a network with dropout, and all that a run is made of, the same each time.
struct Workbench {
    let model = withGenerator(seed: 1) {
        Sequential(Linear(4, 8), ReLU(), Dropout(0.3), Linear(8, 2))
    }
    let data: TensorDataset
    let held: TensorDataset

    init(_ count: Int = 22) {
        func examples(_ seed: Int, _ count: Int) -> TensorDataset {
            let x = withGenerator(seed: seed) { Tensor.randn(count, 4) }
            return TensorDataset(x, (x.sum(dim: 1) .> 0).to(.int64))
        }
        data = examples(2, count)
        held = examples(3, 7)
    }

    var loader: DataLoader<TensorDataset> { DataLoader(data, batchSize: 4, shuffle: true) }
    var validation: DataLoader<TensorDataset> { DataLoader(held, batchSize: 3, shuffle: true) }

    func trainer(
        maxEpochs: Int = 3, accumulate: Int = 1, clip: GradientClip? = nil, ema: Bool = false,
        scheduled: Bool = false, callbacks: [any Callback] = []
    ) -> Trainer {
        let optimizer = Adam(model.parameters(), learningRate: 0.05)
        return Trainer(
            model, optimizer, maxEpochs: maxEpochs,
            schedule: scheduled ? .step(CosineAnnealingLR(optimizer, tMax: 30)) : nil,
            gradientClip: clip, accumulateGradBatches: accumulate,
            ema: ema ? ExponentialMovingAverage(model.parameters(), decay: 0.9) : nil,
            metrics: ["accuracy": Accuracy()], callbacks: callbacks,
            loss: { crossEntropy($0, $1) })
    }

    /// All numbers of the network.
    var weights: [[Float]] { model.parameters().map { $0.array(as: Float.self) } }
}

/// Batches that are a sequence and nothing more.
struct PlainBatches: Sequence {
    let loader: DataLoader<TensorDataset>
    func makeIterator() -> DataLoaderIterator<TensorDataset> { loader.makeIterator() }
}

/// Calls `body` with the path of a new, empty folder, and removes it afterwards.
func withTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("adjoint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

/// A new, empty folder, removed with this object.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("adjoint-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
