import Adjoint
import AdjointExamples
import Foundation
import Testing

@Suite struct BurgersTests {
    /// Values at the times of the error's grid and 257 places, by finite differences.
    static let differences = FiniteDifferences.burgers(
        viscosity: 0.01 / .pi, times: BurgersReference.times, places: 257)

    /// ‖a - b‖ / ‖b‖ over all values.
    static func relativeError(_ a: [[Double]], _ b: [[Double]]) -> Double {
        let pairs = zip(a.joined(), b.joined())
        let squares = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (squares / b.joined().reduce(0) { $0 + $1 * $1 }).squareRoot()
    }

    /// The transform of Cole and Hopf knows nothing of steps, finite differences nothing of
    /// transforms: where they agree, both are right.
    @Test func twoReferencesAgree() {
        let exact = BurgersReference.times.map { BurgersReference.values(at: $0, places: 257) }
        #expect(Self.relativeError(Self.differences, exact) < 1e-3)
        // The start, the ends, and the symmetry of the problem.
        #expect(
            zip(exact[0], 0..<257).allSatisfy {
                abs($0 + sin(.pi * (Double($1) / 128 - 1))) < 1e-12
            })
        for row in exact {
            #expect(abs(row[0]) < 1e-9 && abs(row[128]) < 1e-9)
            #expect(zip(row, row.reversed()).allSatisfy { abs($0 + $1) < 1e-9 })
        }
        // The slope of the shock at its steepest, as Basdevant et al. (1986) give it: 152.005 at
        // t = 0.5105.
        let fine = BurgersReference.values(at: 0.5105, places: 20_001)
        #expect(abs((fine[10_001] - fine[9_999]) / 2e-4 + 152.005) < 0.1)
    }

    /// Half of the grid's norm is near the shock. What satisfies start and boundary but not the
    /// equation, or the equation without its shock, is far off.
    @Test func trivialSolutionsAreFarOff() {
        let start = BurgersReference.values(at: 0, places: 257)
        let frozen = Self.differences.map { _ in start }
        #expect(Self.relativeError(frozen, Self.differences) > 0.5)
        let untrained = withGenerator(seed: 0) { BurgersSolution() }
        #expect(BurgersReference().error(of: untrained) > 0.4)
    }

    @Test func aShortTrainingFindsTheShock() {
        var training = BurgersTraining()
        training.steps = 450
        training.points = 800
        training.adamShare = 2.0 / 3
        var losses: [Double] = []
        let (solution, error) = training.run { progress in
            losses.append(progress.loss)
            return true
        }
        #expect(losses.count == 450)
        #expect(losses[449] < losses[0] / 15)
        #expect(error < 0.25, "\(error)")
        let found = BurgersReference.times.map { solution.values(at: $0, places: 257) }
        let measured = Self.relativeError(found, Self.differences)
        #expect(abs(measured - error) < 1e-3, "against finite differences too")
        // The conditions hold whatever was learned.
        #expect(found.allSatisfy { abs($0[0]) < 1e-6 && abs($0[256]) < 1e-6 })
        #expect(
            zip(found[0], BurgersReference.values(at: 0, places: 257)).allSatisfy {
                abs($0 - $1) < 1e-6
            })
    }
}
