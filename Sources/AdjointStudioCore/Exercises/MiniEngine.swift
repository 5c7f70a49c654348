/// An engine over single numbers whose rules are a learner's: addition, multiplication, power.
struct MiniEngine {
    enum Step: Sendable {
        case add(Int, Int)
        case multiply(Int, Int)
        case power(Int, Int)
    }

    /// The order in which the way back visits the results.
    enum Order: String {
        /// From the last made to the first.
        case latestFirst
        /// From the first made to the last.
        case earliestFirst
    }

    /// What is done where a second share arrives.
    enum Meeting: String {
        case add
        case replace
    }

    /// What goes out to each input, from what comes in (g) and the inputs (a, b).
    let addition: [LearnerFormula]
    let multiplication: [LearnerFormula]
    /// The same for a, from g, a and the exponent (n).
    let power: LearnerFormula
    let order: Order
    let meeting: Meeting

    /// The gradients of the last result for the leaves.
    func gradients(_ steps: [Step], leaves: [Double]) throws(FormulaErrors) -> [Double] {
        var values = leaves
        for step in steps { values.append(Self.value(step, values)) }
        var gradients = [Double](repeating: 0, count: values.count)
        gradients[values.count - 1] = 1
        let made = Array(leaves.count..<values.count)
        for index in order == .latestFirst ? made.reversed() : made {
            let g = gradients[index]
            switch steps[index - leaves.count] {
            case .add(let i, let j):
                let point = ["g": g, "a": values[i], "b": values[j]]
                give(try addition[0].value(at: point), to: i, &gradients)
                give(try addition[1].value(at: point), to: j, &gradients)
            case .multiply(let i, let j):
                let point = ["g": g, "a": values[i], "b": values[j]]
                give(try multiplication[0].value(at: point), to: i, &gradients)
                give(try multiplication[1].value(at: point), to: j, &gradients)
            case .power(let i, let n):
                let point = ["g": g, "a": values[i], "n": Double(n)]
                give(try power.value(at: point), to: i, &gradients)
            }
        }
        return Array(gradients.prefix(leaves.count))
    }

    private func give(_ share: Double, to index: Int, _ gradients: inout [Double]) {
        switch meeting {
        case .add: gradients[index] += share
        case .replace: gradients[index] = share
        }
    }

    static func value(_ step: Step, _ values: [Double]) -> Double {
        switch step {
        case .add(let i, let j): values[i] + values[j]
        case .multiply(let i, let j): values[i] * values[j]
        case .power(let i, let n): (0..<n).reduce(1) { product, _ in product * values[i] }
        }
    }
}
