import Adjoint
import Testing

struct RecordedSchedule: Decodable, Sendable, CustomTestStringConvertible {
    let scheduler: String
    let options: [String: RecordedOption]
    let base: Double
    let rates: [Double]

    enum CodingKeys: String, CodingKey {
        case scheduler, options
        case base = "base_lr"
        case rates = "lrs"
    }

    var testDescription: String { "\(scheduler) \(options)" }

    func make(_ optimizer: any Optimizer) -> (any Scheduler)? {
        func number(_ name: String, _ standard: Double) -> Double {
            options[name]?.double ?? standard
        }
        switch scheduler {
        case "StepLR":
            return StepLR(
                optimizer, stepSize: Int(number("step_size", 1)), gamma: number("gamma", 0.1))
        case "CosineAnnealingLR":
            return CosineAnnealingLR(
                optimizer, tMax: Int(number("T_max", 1)), etaMin: number("eta_min", 0))
        case "OneCycleLR":
            return OneCycleLR(
                optimizer, maxLearningRate: number("max_lr", 1),
                totalSteps: Int(number("total_steps", 1)), pctStart: number("pct_start", 0.3),
                anneal: options["anneal_strategy"]?.text == "linear" ? .linear : .cosine,
                threePhase: options["three_phase"]?.bool ?? false)
        default: return nil
        }
    }
}

@Suite struct SchedulerTests {
    static let lines = (try? recordedLines("schedulers.jsonl", as: RecordedSchedule.self)) ?? []

    @Test func fixturesAreThere() { #expect(SchedulerTests.lines.count == 4) }

    @Test(arguments: SchedulerTests.lines) func agrees(_ recorded: RecordedSchedule) throws {
        let parameter = Parameter(Tensor([1.0]))
        let optimizer = SGD([parameter], learningRate: recorded.base, momentum: 0.9)
        let scheduler = try #require(recorded.make(optimizer))
        for (i, rate) in recorded.rates.enumerated() {
            if i > 0 { scheduler.step() }
            #expect(abs(optimizer.learningRate - rate) <= 1e-12, "after \(i) steps")
        }
    }

    @Test func lambdaScalesEachGroup() {
        let (a, b) = (Parameter(Tensor([1.0])), Parameter(Tensor([1.0])))
        let optimizer = SGD(groups: [
            .init([a], .init(learningRate: 1)), .init([b], .init(learningRate: 0.5)),
        ])
        let scheduler = LambdaLR(optimizer) { 1 / Double(1 + $0) }
        #expect(optimizer.learningRates == [1, 0.5])
        scheduler.step()
        #expect(optimizer.learningRates == [0.5, 0.25])
        scheduler.stepCount = 3
        scheduler.step()
        #expect(optimizer.learningRates == [0.2, 0.1])
    }

    @Test func oneCycleMovesTheMomentum() {
        let parameter = Parameter(Tensor([1.0]))
        let optimizer = Adam([parameter])
        let scheduler = OneCycleLR(optimizer, maxLearningRate: 1, totalSteps: 10)
        #expect(optimizer.momenta == [0.95])
        for _ in 0..<2 { scheduler.step() }
        #expect(abs(optimizer.momenta[0] - 0.85) < 1e-12)
        for _ in 0..<20 { scheduler.step() }
        #expect(abs(optimizer.momenta[0] - 0.95) < 1e-12)
    }
}
