import Adjoint
import AdjointTesting
import Testing

@testable import AdjointOptim

@Suite struct SchedulerTests {
    private func optimizer(_ rates: Double...) -> SGD {
        SGD(
            groups: rates.map {
                .init([Parameter(Tensor([1.0]))], .init(learningRate: $0, momentum: 0.9))
            })
    }

    private func near(_ got: [Double], _ want: [Double]) -> Bool {
        got.count == want.count && zip(got, want).allSatisfy { abs($0 - $1) < 1e-12 }
    }

    private func message(_ body: () -> Void) -> String { tensorError(body)?.description ?? "" }

    @Test func lambdaScalesEachGroup() {
        let optimizer = optimizer(1, 0.5)
        let scheduler = LambdaLR(optimizer) { 1 / Double(1 + $0) }
        #expect(optimizer.learningRates == [1, 0.5])
        optimizer.step()
        scheduler.step()
        #expect(optimizer.learningRates == [0.5, 0.25])
        scheduler.stepCount = 3
        scheduler.step()
        #expect(optimizer.learningRates == [0.2, 0.1])
        let own = LambdaLR(optimizer, [{ _ in 2 }, { Double($0) }])
        own.step()
        #expect(optimizer.learningRates == [2, 0.5])
    }

    @Test func oneCycleMovesTheMomentum() {
        let parameter = Parameter(Tensor([1.0]))
        let optimizer = Adam([parameter])
        let scheduler = OneCycleLR(optimizer, maxLearningRate: 1, totalSteps: 10)
        #expect(optimizer.momenta == [0.95])
        optimizer.step()
        for _ in 0..<2 { scheduler.step() }
        #expect(abs(optimizer.momenta[0] - 0.85) < 1e-12)
        for _ in 0..<20 { scheduler.step() }
        #expect(abs(optimizer.momenta[0] - 0.95) < 1e-12)
    }

    @Test("cycles move the momentum the other way, and each group between its own rates")
    func cycles() {
        let optimizer = optimizer(1, 1)
        let scheduler = CyclicLR(
            optimizer, baseLearningRates: [0, 1], maxLearningRates: [2, 5], stepSizeUp: 2)
        optimizer.step()
        var rates: [[Double]] = []
        var momenta: [Double] = []
        for _ in 0..<4 {
            rates.append(optimizer.learningRates)
            momenta.append(optimizer.momenta[1])
            scheduler.step()
        }
        #expect(rates == [[0, 1], [1, 3], [2, 5], [1, 3]])
        #expect(near(momenta, [0.9, 0.85, 0.8, 0.85]))
    }

    @Test("schedules multiply each other, and all start from the first rates")
    func chaining() {
        let optimizer = optimizer(1)
        let warm = ConstantLR(optimizer, factor: 0.5, totalIters: 2)
        let decay = ExponentialLR(optimizer, gamma: 0.5)
        #expect(warm.baseRates == [1] && decay.baseRates == [1])
        optimizer.step()
        var rates = optimizer.learningRates
        for _ in 0..<3 {
            warm.step()
            decay.step()
            rates += optimizer.learningRates
        }
        #expect(near(rates, [0.5, 0.25, 0.25, 0.125]))
    }

    @Test("restarts at fractions of an epoch")
    func fractions() {
        let optimizer = optimizer(1)
        let scheduler = CosineAnnealingWarmRestarts(optimizer, t0: 2, tMult: 2)
        for (epoch, rate) in [(0.5, 0.853553390593274), (1, 0.5), (2, 1), (4, 0.5), (6, 1)] {
            scheduler.step(epoch: epoch)
            #expect(near(optimizer.learningRates, [rate]), "epoch \(epoch)")
        }
        scheduler.step(epoch: 6.5)
        optimizer.step()
        scheduler.step()
        #expect(near(optimizer.learningRates, [(1 + 0.831_469_612_302_545_2) / 2]))
        #expect(message { scheduler.step(epoch: -1) }.contains("negative"))
    }

    private static func make(_ name: String, _ o: any Optimizer) -> LearningRateScheduler {
        switch name {
        case "MultiStepLR": MultiStepLR(o, milestones: [1, 3, 3, 6], gamma: 0.5)
        case "CosineAnnealingLR": CosineAnnealingLR(o, tMax: 3)
        case "CosineAnnealingWarmRestarts": CosineAnnealingWarmRestarts(o, t0: 2, tMult: 2)
        case "OneCycleLR": OneCycleLR(o, maxLearningRate: 1, totalSteps: 9)
        case "CyclicLR":
            CyclicLR(
                o, baseLearningRate: 0.1, maxLearningRate: 1, stepSizeUp: 2, mode: .expRange,
                gamma: 0.9)
        case "ChainedScheduler":
            ChainedScheduler(
                [LinearLR(o, totalIters: 4), PolynomialLR(o, totalIters: 8, power: 2)], o)
        default:
            SequentialLR(
                o,
                schedulers: [
                    LinearLR(o, startFactor: 0.1, totalIters: 2), StepLR(o, stepSize: 2),
                    ExponentialLR(o, gamma: 0.5),
                ], milestones: [2, 5])
        }
    }

    @Test(
        "a schedule that was saved and loaded goes on as one that was not",
        arguments: [
            "MultiStepLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "OneCycleLR",
            "CyclicLR", "ChainedScheduler", "SequentialLR",
        ])
    func resumes(_ name: String) throws {
        let first = optimizer(0.5)
        let before = Self.make(name, first)
        for _ in 0..<4 {
            first.step()
            before.step()
        }
        let second = optimizer(0.25)
        let after = Self.make(name, second)
        try second.loadStateDict(first.stateDict())
        try after.loadStateDict(before.stateDict())
        var seen: Set<Double> = []
        for _ in 0..<4 {
            for (optimizer, scheduler) in [(first, before), (second, after)] {
                optimizer.step()
                scheduler.step()
            }
            #expect(second.learningRates == first.learningRates)
            #expect(second.momenta == first.momenta && after.stepCount == before.stepCount)
            seen.insert(first.learningRate)
        }
        #expect(seen.count > 1)
        var wrong = before.stateDict()
        wrong["last_epoch"] = Tensor(77.0)
        wrong["speed"] = Tensor(1.0)
        #expect(throws: OptimizerStateError.self) { try after.loadStateDict(wrong) }
        #expect(after.stepCount == before.stepCount)
    }

    @Test("a plateau lowers each group to its lowest rate, and goes on where it was saved")
    func plateau() throws {
        func make(_ optimizer: SGD) -> ReduceLROnPlateau {
            ReduceLROnPlateau(
                optimizer, minLearningRates: [0.3, 0], mode: .max, factor: 0.5, patience: 1,
                threshold: 0.5, thresholdMode: .absolute)
        }
        let (first, second) = (optimizer(1, 1), optimizer(1, 1))
        let (whole, begun) = (make(first), make(second))
        for metric in [1.0, 1.4, 1.6, 1.7] {
            whole.step(metric)
            begun.step(Tensor(metric))
        }
        #expect(first.learningRates == [1, 1] && whole.best == 1.6)
        let resumed = make(second)
        try resumed.loadStateDict(begun.stateDict())
        for metric in [1.8, 1.8, 1.8, 1.8, 1.8] {
            whole.step(metric)
            resumed.step(metric)
        }
        #expect(first.learningRates == [0.3, 0.125] && second.learningRates == [0.3, 0.125])
    }

    @Test("a step before the optimiser's warns once")
    func order() {
        let warnings = collectingWarnings {
            let late = optimizer(1)
            let scheduler = StepLR(late, stepSize: 1)
            for _ in 0..<3 { scheduler.step() }
            let right = optimizer(1)
            let chained = ChainedScheduler([StepLR(right, stepSize: 1)], right)
            right.step()
            for _ in 0..<3 { chained.step() }
        }.warnings
        #expect(warnings.count == 1)
        #expect(
            warnings[0].contains(
                "Detected call of lr_scheduler.step() before optimizer.step()"))
    }

    @Test("what no schedule follows from is refused")
    func refusals() {
        let sgd = optimizer(1)
        let other = optimizer(1)
        let adagrad = Adagrad([Parameter(Tensor([1.0]))])
        let wrong: [(String, () -> Void)] = [
            ("stepSize", { _ = StepLR(sgd, stepSize: 0) }),
            ("factor", { _ = ConstantLR(sgd, factor: 2) }),
            ("startFactor", { _ = LinearLR(sgd, startFactor: 0) }),
            ("tMax", { _ = CosineAnnealingLR(sgd, tMax: 0) }),
            ("tMult", { _ = CosineAnnealingWarmRestarts(sgd, t0: 1, tMult: 0) }),
            ("2 values for 1 groups", { _ = LambdaLR(sgd, [{ _ in 1 }, { _ in 1 }]) }),
            ("momentum", { _ = OneCycleLR(adagrad, maxLearningRate: 1, totalSteps: 5) }),
            ("totalSteps", { _ = OneCycleLR(sgd, maxLearningRate: 1, totalSteps: 0) }),
            (
                "stepSizeUp",
                { _ = CyclicLR(sgd, baseLearningRate: 0, maxLearningRate: 1, stepSizeUp: 0) }
            ),
            ("factor", { _ = ReduceLROnPlateau(sgd, factor: 1) }),
            ("belong", { _ = ChainedScheduler([StepLR(other, stepSize: 1)], sgd) }),
            (
                "milestone",
                { _ = SequentialLR(sgd, schedulers: [StepLR(sgd, stepSize: 1)], milestones: [1]) }
            ),
            ("at least one", { _ = SequentialLR(sgd, schedulers: [], milestones: []) }),
        ]
        for (words, body) in wrong {
            let text = message(body)
            #expect(text.contains(words), "\(words): \(text)")
        }
        // Nothing of a schedule that was refused stays behind.
        let fresh = optimizer(1)
        _ = message { _ = OneCycleLR(fresh, maxLearningRates: [], totalSteps: 5) }
        _ = message { _ = CyclicLR(fresh, baseLearningRates: [2], maxLearningRates: []) }
        #expect(fresh.learningRates == [1] && fresh.initialLearningRates == nil)
        #expect(fresh.momenta == [0.9])
    }

    @Test("in a scope that has failed no schedule goes on")
    func failedScope() {
        let optimizer = optimizer(1)
        let scheduler = StepLR(optimizer, stepSize: 1)
        let plateau = ReduceLROnPlateau(optimizer, patience: 0)
        optimizer.step()
        _ = message {
            _ = Tensor([1.0]).matmul(Tensor([1.0, 2.0]))
            scheduler.step()
            plateau.step(1)
            optimizer.learningRate = 3
        }
        #expect(scheduler.stepCount == 0 && plateau.stepCount == 0)
        #expect(optimizer.learningRates == [1])
    }
}
