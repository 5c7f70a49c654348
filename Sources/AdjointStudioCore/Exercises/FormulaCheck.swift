import Adjoint
import AdjointCore

/// A learner's derivative beside the library's, at random points.
struct FormulaCheck {
    /// The variables, in the order in which `function` takes them.
    let names: [String]
    /// The function whose derivative is asked for, over float64 scalars.
    let function: ([Tensor]) -> Tensor
    /// The variable of each derivative in turn: [0, 0] is the second derivative by the first.
    let by: [Int]
    var count = 24
    var seed = 0

    /// The derivative at a point, by the library.
    func right(at point: [Double]) -> Double {
        let inputs = point.map { Tensor($0, dtype: .float64, requiresGrad: true) }
        var value = function(inputs)
        for index in by {
            guard value.requiresGrad else { return 0 }
            value =
                grads(of: [value], wrt: [inputs[index]], createGraph: true, unused: .zeros)[0]
                ?? Tensor(0.0, dtype: .float64)
        }
        return value.detach().item()
    }

    /// The same from two nudges of the derivative one order lower.
    private func nudged(at point: [Double]) -> Double {
        let nudge = 1e-5
        let last = by[by.count - 1]
        let lower = FormulaCheck(names: names, function: function, by: Array(by.dropLast()))
        var above = point, below = point
        above[last] += nudge
        below[last] -= nudge
        return (lower.right(at: above) - lower.right(at: below)) / (2 * nudge)
    }

    /// Notes whether `formula` is the derivative, with every point, the worst first.
    func note(_ formula: LearnerFormula, in verdict: inout ExerciseVerdict) throws(FormulaErrors) {
        var points: [ExerciseVerdict.Point] = []
        for point in randomPoints() {
            let at = Dictionary(uniqueKeysWithValues: zip(names, point))
            let answer = try formula.value(at: at)
            let right = right(at: point)
            points.append(
                ExerciseVerdict.Point(
                    at: at, answer: answer, right: right, nudged: nudged(at: point),
                    difference: abs(answer - right)))
        }
        // What is not a number differs most of all.
        points.sort {
            $0.difference.isNaN ? !$1.difference.isNaN : $0.difference > $1.difference
        }
        let isRight = points.allSatisfy { $0.difference <= 1e-6 * max(1, abs($0.right)) }
        let text =
            isRight
            ? "The formula agrees with the library at \(count) random points."
            : "The formula differs from the library; the worst of \(count) points is shown first."
        verdict.note(formula.field, isRight, text, points: points)
    }

    private func randomPoints() -> [[Double]] {
        let numbers = withGenerator(seed: seed) {
            Tensor.rand([count * names.count], dtype: .float64).array(as: Double.self)
        }
        // Two decimals, so that a reader can put them in by hand.
        return (0..<count).map { row in
            names.indices.map { ((numbers[row * names.count + $0] * 4 - 2) * 100).rounded() / 100 }
        }
    }
}
