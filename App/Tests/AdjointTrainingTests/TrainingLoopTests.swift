import AdjointCore
import AdjointData
import Foundation
import Testing

@testable import AdjointTraining

/// A learner without tensors: logistic regression of one number, with noise drawn from the seed.
private final class Line: Learner {
    var numbers: [Double] = [0, 0, 0, 0]
    let data: ExampleSet
    var poison = false

    init(_ data: ExampleSet) { self.data = data }

    func step(_ indices: [Int], learningRate: Double, seed: Int) -> (loss: Double, recognized: Int)
    {
        var generator = SplitMix64(seed: seed)
        var (slope, bias, loss, right) = (0.0, 0.0, 0.0, 0)
        for index in indices {
            let x = Double(data.features[index])
            let p = 1 / (1 + exp(-(numbers[0] * x + numbers[1])))
            let error = p - Double(data.labels[index])
            slope += error * x + Double(generator.next(below: 100)) * 1e-4
            bias += error
            loss -= log(data.labels[index] == 1 ? p : 1 - p)
            right += (p > 0.5) == (data.labels[index] == 1) ? 1 : 0
        }
        numbers[2] = 0.9 * numbers[2] + slope / Double(indices.count)
        numbers[3] = 0.9 * numbers[3] + bias / Double(indices.count)
        numbers[0] -= learningRate * numbers[2]
        numbers[1] -= learningRate * numbers[3]
        return (poison ? .nan : loss / Double(indices.count), right)
    }

    func logits(_ examples: ExampleSet) -> [Float] {
        examples.features.flatMap { [0, Float(numbers[0]) * $0 + Float(numbers[1])] }
    }

    func saveModel(to path: String) throws { try write(Array(numbers[..<2]), path) }
    func loadModel(from path: String) throws {
        numbers.replaceSubrange(0..<2, with: try read(path))
    }
    var state: (model: StateDict, optimizer: StateDict) {
        (["line": Tensor(Array(numbers[..<2]))], ["momenta": Tensor(Array(numbers[2...]))])
    }
    func restore(_ state: TrainingState, path: String) throws {
        numbers =
            try #require(state.model["line"]).array(as: Double.self)
            + #require(state.optimizer["momenta"]).array(as: Double.self)
    }

    private func write(_ values: [Double], _ path: String) throws {
        try JSONEncoder().encode(values).write(to: URL(fileURLWithPath: path))
    }
    private func read(_ path: String) throws -> [Double] {
        try JSONDecoder().decode([Double].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

private final class Silent: TrainingReporter {
    var epochs = 0
    var lines: [ProgressLine] = []
    func progressed(_ progress: ProgressLine) { lines.append(progress) }
    func finished(_ metrics: EpochMetrics, of epochs: Int, _ progress: ProgressLine) {
        self.epochs += 1
    }
    func progressEnded() {}
}

@Suite struct TrainingLoopTests {
    private let examples = ExampleSet(
        features: (0..<50).map { Float($0) / 25 - 1 }, shape: [1],
        labels: (0..<50).map { $0 < 23 ? 0 : 1 }, classNames: ["0", "1"], columnNames: ["x"])

    private var request: TrainingRequest {
        var request = TrainingRequest()
        request.source = .table(path: "x.csv", label: "y")
        request.epochs = 4
        request.batchSize = 8
        request.learningRate = 0.5
        return request
    }

    private func loop(
        _ learner: Line?, _ folder: RunFolder, checkpoint: Checkpoint? = nil, stopAfter: Int = .max
    ) throws -> TrainingLoop {
        let (configuration, data) = try request.configuration(examples)
        var steps = 0
        return TrainingLoop(
            configuration, learner: learner ?? Line(data.training),
            exampleCount: data.training.count,
            heldOut: data.heldOut, folder: folder, checkpoint: checkpoint,
            shouldStop: {
                steps += 1
                return steps >= stopAfter
            })
    }

    /// The run that was stopped in `folder`, on a learner that knows only what was saved.
    private func resumed(_ folder: RunFolder, stopAfter: Int = .max) throws -> TrainingLoop {
        let (configuration, data) = try request.configuration(examples)
        let path = folder.path(of: .checkpoint)
        let state = try TrainingState(from: path)
        let learner = Line(data.training)
        try learner.restore(state, path: path)
        let schedule = Schedule(configuration, exampleCount: data.training.count)
        return try loop(
            learner, folder, checkpoint: Checkpoint(state, schedule, path: path),
            stopAfter: stopAfter)
    }

    /// Every file of a finished run, by name.
    private func files(_ folder: RunFolder) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0)")))
            })
    }

    @Test func learnsAndLeavesFourFiles() throws {
        try withFiles { path in
            let folder = try RunFolder(creating: path("run"))
            let reporter = Silent()
            var loop = try loop(nil, folder)
            guard case .finished(let result) = try loop.run(reporter) else {
                Issue.record("the run was stopped")
                return
            }
            #expect(result.accuracy >= 0.8)
            #expect(reporter.epochs == 4)
            #expect(reporter.lines.count == 20)
            #expect(reporter.lines.map(\.step) == Array(1...20))
            #expect(reporter.lines.allSatisfy { $0.steps == 20 && (1...4).contains($0.epoch) })
            #expect(
                try files(folder).keys.sorted() == [
                    "config.json", "curves.svg", "metrics.csv", "model.safetensors",
                ])
        }
    }

    /// Stopped after each possible step, and resumed: the same files, bit for bit.
    @Test func aResumedRunEndsAsOneNeverStopped() throws {
        try withFiles { path in
            // All folders have one name, since the curves bear it.
            let whole = try RunFolder(creating: path("whole/run"))
            var loop = try loop(nil, whole)
            _ = try loop.run(Silent())
            let expected = try files(whole)
            for stop in 1...19 {
                let folder = try RunFolder(creating: path("\(stop)/run"))
                var first = try self.loop(nil, folder, stopAfter: stop)
                guard case .stopped(let epoch, let step) = try first.run(Silent()) else {
                    Issue.record("not stopped after \(stop) steps")
                    continue
                }
                #expect(epoch * 5 + step == stop)
                // Stopped a second time at once, too.
                var second = try resumed(folder, stopAfter: 1)
                if case .stopped = try second.run(Silent()) {
                    var third = try resumed(folder)
                    _ = try third.run(Silent())
                }
                #expect(try files(folder) == expected, "stopped after \(stop) steps")
            }
        }
    }

    @Test func aCheckpointOfAnotherRunIsRefused() throws {
        try withFiles { path in
            let folder = try RunFolder(creating: path("run"))
            var loop = try loop(nil, folder, stopAfter: 7)
            _ = try loop.run(Silent())
            let file = folder.path(of: .checkpoint)
            let state = try TrainingState(from: file)
            #expect(state.schedulerSteps == 7 && state.loader?.batch == 2)
            for (seed, batchSize, epochs) in [(1, 8, 4), (0, 10, 4), (0, 8, 1)] {
                var other = request
                (other.seed, other.batchSize, other.epochs) = (seed, batchSize, epochs)
                let (configuration, data) = try other.configuration(examples)
                let schedule = Schedule(configuration, exampleCount: data.training.count)
                let error = try #require(throws: RunError.self) {
                    try Checkpoint(state, schedule, path: file)
                }
                #expect(error.description.contains("is no checkpoint of the run"))
            }
        }
    }

    @Test func aLossThatIsNoNumberEndsTheRun() throws {
        try withFiles { path in
            let folder = try RunFolder(creating: path("run"))
            let learner = Line(examples)
            learner.poison = true
            var loop = try loop(learner, folder)
            let error = try #require(throws: RunError.self) { try loop.run(Silent()) }
            #expect(
                error.description == "the loss became nan in step 1 of epoch 1; lower "
                    + "--learning-rate, which is 0.5 now")
            #expect(try files(folder).isEmpty)
        }
    }

    @Test func everyExampleIsLearnedFromOnceAnEpoch() throws {
        var request = request
        for batchSize in [1, 3, 8, 13, 39, 40, 41, 1000] {
            request.batchSize = batchSize
            let schedule = Schedule(try request.configuration(examples).0, exampleCount: 40)
            var order: [Int] = []
            for step in 0..<schedule.stepsPerEpoch {
                let batch = schedule.batch(step)
                #expect(batch.count > 1 || batchSize == 1)
                order += schedule.order(epoch: 0)[batch]
            }
            #expect(order == schedule.order(epoch: 0))
            #expect(order.sorted() == Array(0..<40))
            #expect(order != schedule.order(epoch: 1))
        }
    }

    @Test func theRateRisesAndFalls() throws {
        let schedule = Schedule(try request.configuration(examples).0, exampleCount: 40)
        let rates = (0..<20).map { schedule.learningRate(step: $0) }
        #expect(rates.max()! <= 0.5 && rates.max()! > 0.45)
        #expect(rates[0] < 0.15 && rates[19] < 0.02)
        let seeds = Set((0..<4).flatMap { e in (0..<5).map { schedule.seed(epoch: e, step: $0) } })
        #expect(seeds.count == 20)
    }

    @Test func predictionsAreASoftmax() {
        let predictions = Predictions(logits: [1, 3, 2, 1000, 1000, -1000], classCount: 3)
        #expect(predictions.classes == [1, 0])
        #expect(predictions.probabilities(0).reduce(0, +) > 1 - 1e-12)
        #expect(predictions.probabilities(1) == [0.5, 0.5, 0])
        #expect(abs(predictions.confidences[0] - 0.665_240_955_774_821) < 1e-12)
        #expect(
            abs(predictions.loss([1, 0]) - (0.407_605_964_444_380 + 0.693_147_180_559_945) / 2)
                < 1e-12)
        #expect(predictions.accuracy([1, 1]) == 0.5)
    }
}
