import Adjoint
import AdjointTesting
import Foundation
import Testing

@Suite struct TrainingStateTests {
    private final class Run {
        let model = withGenerator(seed: 1) { Sequential(Linear(4, 8), Dropout(0.3), Linear(8, 2)) }
        let optimizer: Adam
        let scheduler: CosineAnnealingLR
        let loader: DataLoader<TensorDataset>

        init() {
            optimizer = Adam(model.parameters(), learningRate: 0.05)
            scheduler = CosineAnnealingLR(optimizer, tMax: 12)
            let x = withGenerator(seed: 2) { Tensor.randn(24, 4) }
            loader = DataLoader(
                TensorDataset(x, (x.sum(dim: 1) .> 0).to(.int64)), batchSize: 4, shuffle: true)
        }

        func step(_ x: Tensor, _ y: Tensor) {
            optimizer.zeroGrad()
            crossEntropy(model(x), y).backward()
            optimizer.step()
            scheduler.step()
        }
    }

    @Test func aResumedRunGoesOnBitForBit() throws {
        try withTemporaryFile([], named: "run.safetensors") { path in
            // Interrupted after 4 of the 6 batches: dropout and the next epoch draw from the same
            // generator.
            let whole = Run()
            try withGenerator(seed: 3) {
                var batches = whole.loader.makeIterator()
                for step in 0..<6 {
                    if step == 4 {
                        try TrainingState(
                            model: whole.model.stateDict(), optimizer: whole.optimizer.stateDict(),
                            scheduler: whole.scheduler.stateDict(), other: ["mean.x": Tensor(7)],
                            schedulerSteps: whole.scheduler.stepCount,
                            generator: Generator.current.state, loader: batches.position,
                            notes: ["epoch": "0", "tab\t": "\"é\""]
                        ).save(to: path)
                    }
                    guard let (x, y) = batches.next() else { break }
                    whole.step(x, y)
                }
                for (x, y) in whole.loader { whole.step(x, y) }
            }
            let state = try TrainingState(from: path)
            #expect(state.notes == ["epoch": "0", "tab\t": "\"é\""])
            let resumed = Run()
            try resumed.model.loadStateDict(state.model)
            try resumed.optimizer.loadStateDict(state.optimizer)
            try resumed.scheduler.loadStateDict(state.scheduler)
            #expect(state.schedulerSteps == 4 && resumed.scheduler.stepCount == 4)
            #expect(state.other["mean.x"]?.item(as: Int.self) == 7)
            try withGenerator(seed: 99) {
                Generator.current.state = try #require(state.generator)
                var batches = resumed.loader.makeIterator(resumingAt: try #require(state.loader))
                var count = 0
                while let (x, y) = batches.next() {
                    resumed.step(x, y)
                    count += 1
                }
                #expect(count == 2)
                for (x, y) in resumed.loader { resumed.step(x, y) }
            }
            let expected = whole.model.stateDict()
            for (name, tensor) in resumed.model.stateDict() {
                try expectClose(tensor, try #require(expected[name]), atol: 0, rtol: 0)
            }
            #expect(resumed.optimizer.learningRate == whole.optimizer.learningRate)
        }
    }

    @Test func otherFilesAndDamageAreRefused() throws {
        #expect(
            problem { try TrainingState(from: Fixtures.path("weights.safetensors")) }
                .contains("no state of a training run"))
        try withTemporaryFile([], named: "run.safetensors") { path in
            let mark = ["adjoint.trainingState": "1"]
            for extra in [["generator": "1"], ["loader": "1 2 -3"], ["scheduler.steps": "x"]] {
                try save(["model.x": Tensor(1)], to: path, metadata: mark.merging(extra) { $1 })
                #expect(problem { try TrainingState(from: path) }.contains("is no number"))
            }
            for name in ["x", "models.x", ".x", "x.model."] {
                try save([name: Tensor(1)], to: path, metadata: mark)
                #expect(problem { try TrainingState(from: path) }.contains("belongs to nothing"))
            }
            #expect(try loadMetadata(from: path)["adjoint.trainingState"] == "1")
        }
    }
}
