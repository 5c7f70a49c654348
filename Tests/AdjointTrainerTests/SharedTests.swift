import Adjoint
import AdjointTesting
import Foundation
import Testing

/// Networks that several tasks and threads use at once.
@Suite struct SharedTests {
    private static func network(_ seed: Int) -> Sequential {
        withGenerator(seed: seed) {
            Sequential(
                Linear(16, 32), BatchNorm1d(32), GELU(), Dropout(0.3), Linear(32, 32), Tanh(),
                Linear(32, 4))
        }
    }

    /// Trains a network on its own data, and gives its parameters.
    @Sendable private static func train(_ epochs: Int) throws -> [[Float]] {
        let model = network(2)
        let x = withGenerator(seed: 3) { Tensor.randn(96, 16) }
        let data = TensorDataset(x, x[.all, 0..<4].argmax(dim: 1))
        let trainer = Trainer(
            model, AdamW(model.parameters(), learningRate: 1e-2), maxEpochs: epochs,
            gradientClip: .norm(1), ema: ExponentialMovingAverage(model.parameters(), decay: 0.9),
            loss: { crossEntropy($0, $1) })
        try withGenerator(seed: 5) {
            _ = try trainer.fit(
                DataLoader(data, batchSize: 16, shuffle: true),
                validation: DataLoader(data, batchSize: 32))
        }
        return model.parameters().map { $0.array(as: Float.self) }
    }

    @Test("eight tasks ask one network while another task trains a second")
    func inferenceWhileAnotherTrains() async throws {
        let model = Self.network(1)
        model.eval()
        let x = withGenerator(seed: 4) { Tensor.randn(64, 16) }
        let expected = noGrad { model(x) }.array(as: Float.self)
        let alone = try Self.train(4)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { try Self.train(4) == alone }
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<60 {
                        // Recorded in every other task, and followed back in some.
                        let y = task % 2 == 0 ? noGrad { model(x) } : model(x)
                        if y.array(as: Float.self) != expected { return false }
                        if round % 20 == 0 { await Task.yield() }
                    }
                    return true
                }
            }
            for try await same in group { #expect(same) }
        }
        #expect(!model.isTraining)
    }

    @Test("gradients of eight threads on shared parameters are exactly their sum")
    func backwardFromEightThreads() {
        // Small whole numbers: every sum is exact, in whatever order it is taken.
        let model = Sequential(Linear(8, 16), ReLU(), Linear(16, 4))
        noGrad {
            for (i, parameter) in model.parameters().enumerated() {
                let values = (0..<parameter.numel).map { Float(($0 * 7 + i) % 5 - 2) }
                parameter.copy_(Tensor(values, shape: parameter.shape))
            }
        }
        let x = Tensor((0..<24).map { Float($0 % 3) }, shape: [3, 8])
        model(x).sum().backward()
        let once = model.parameters().map { $0.grad!.array(as: Float.self) }
        #expect(once.contains { $0.contains { $0 != 0 } })
        for parameter in model.parameters() { parameter.grad = nil }

        let done = DispatchGroup()
        for _ in 0..<8 {
            done.enter()
            Thread {
                for _ in 0..<50 { model(x).sum().backward() }
                done.leave()
            }.start()
        }
        done.wait()
        let summed = model.parameters().map { $0.grad!.array(as: Float.self) }
        #expect(summed == once.map { $0.map { 400 * $0 } })
    }

    @Test("eight tasks train networks of their own, each to the bits that it has alone")
    func eightTrainings() async throws {
        let alone = try Self.train(2)
        try await withThrowingTaskGroup(of: [[Float]].self) { group in
            for _ in 0..<8 { group.addTask { try Self.train(2) } }
            for try await weights in group { #expect(weights == alone) }
        }
    }
}
