import Adjoint
import AdjointCore

/// A mini-autograd in answers: five formulas and two decisions make an engine, which computes
/// gradients of small programs beside the library.
struct MiniAutogradCheck {
    private let answer: ExerciseAnswer

    init(_ answer: ExerciseAnswer) { self.answer = answer }

    /// The formulas of the form, and what each may read.
    private static let fields: [(name: String, reads: [String])] = [
        ("addA", ["g", "a", "b"]), ("addB", ["g", "a", "b"]), ("multiplyA", ["g", "a", "b"]),
        ("multiplyB", ["g", "a", "b"]), ("power", ["g", "a", "n"]),
    ]

    /// A program with its values, in words and as steps.
    private struct Program {
        let field: String
        let text: String
        let leaves: [Double]
        let steps: [MiniEngine.Step]
    }

    private static let programs: [Program] = [
        Program(field: "add", text: "c = a + b", leaves: [2, 3], steps: [.add(0, 1)]),
        Program(
            field: "multiply", text: "c = a * b", leaves: [2, 3], steps: [.multiply(0, 1)]),
        Program(field: "power", text: "c = a³", leaves: [2, 3], steps: [.power(0, 3)]),
        Program(
            field: "order", text: "c = (a + b)²", leaves: [2, 3], steps: [.add(0, 1), .power(2, 2)]),
        Program(
            field: "meeting", text: "c = a + b, d = c * a", leaves: [2, 3],
            steps: [.add(0, 1), .multiply(2, 0)]),
        Program(
            field: "meeting", text: "c = a * b, d = c * c, e = d + c", leaves: [2, -1.5],
            steps: [.multiply(0, 1), .multiply(2, 2), .add(3, 2)]),
    ]

    var verdict: ExerciseVerdict {
        var verdict = ExerciseVerdict()
        var rules: [LearnerFormula] = []
        for (name, reads) in Self.fields {
            guard let text = answer.text(name) else {
                verdict.note(name, false, "Nothing is typed yet.")
                continue
            }
            do throws(FormulaErrors) {
                rules.append(try LearnerFormula(text, field: name, names: reads))
            } catch {
                verdict.errors += error.errors
            }
        }
        guard rules.count == Self.fields.count,
            let order = answer.text("order").flatMap(MiniEngine.Order.init(rawValue:)),
            let meeting = answer.text("meeting").flatMap(MiniEngine.Meeting.init(rawValue:))
        else {
            if verdict.errors.isEmpty {
                verdict.note("engine", false, "The engine runs when every part of it is there.")
            }
            return verdict
        }
        let engine = MiniEngine(
            addition: [rules[0], rules[1]], multiplication: [rules[2], rules[3]], power: rules[4],
            order: order, meeting: meeting)
        do throws(FormulaErrors) {
            for program in Self.programs { try compare(engine, program, &verdict) }
            try random(engine, &verdict)
        } catch {
            verdict.errors += error.errors
        }
        return verdict
    }

    private func compare(
        _ engine: MiniEngine, _ program: Program, _ verdict: inout ExerciseVerdict
    ) throws(FormulaErrors) {
        let found = try engine.gradients(program.steps, leaves: program.leaves)
        let right = library(program.steps, leaves: program.leaves)
        let isRight = zip(found, right).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($1)) }
        let place = program.leaves.map(ExerciseVerdict.short).joined(separator: ", ")
        verdict.note(
            program.field, isRight,
            "\(program.text) at (\(place)): your engine gives "
                + "(\(found.map(ExerciseVerdict.short).joined(separator: ", "))), the library "
                + "(\(right.map(ExerciseVerdict.short).joined(separator: ", "))).")
    }

    /// Programs of eight random steps.
    private func random(
        _ engine: MiniEngine, _ verdict: inout ExerciseVerdict
    ) throws(FormulaErrors) {
        let count = 20
        let numbers = withGenerator(seed: answer.seed) {
            Tensor.rand([count * 24], dtype: .float64).array(as: Double.self)
        }
        for program in 0..<count {
            let leaves = [0.75, -0.5]
            let steps = (0..<8).map { i -> MiniEngine.Step in
                let base = program * 24 + i * 3
                func pick(_ offset: Int, _ count: Int) -> Int {
                    min(Int(numbers[base + offset] * Double(count)), count - 1)
                }
                let made = leaves.count + i
                // The last result so far is always used, so that the end depends on the beginning.
                switch pick(0, 3) {
                case 0: return .add(made - 1, pick(1, made))
                case 1: return .multiply(made - 1, pick(1, made))
                default: return .power(made - 1, 1 + pick(1, 3))
                }
            }
            let found = try engine.gradients(steps, leaves: leaves)
            let right = library(steps, leaves: leaves)
            // Powers of powers soon leave the range in which digits can be compared.
            guard right.allSatisfy({ abs($0) < 1e6 }) else { continue }
            guard zip(found, right).allSatisfy({ abs($0 - $1) <= 1e-6 * max(1, abs($1)) }) else {
                verdict.note(
                    "engine", false,
                    "In the \(program + 1). of \(count) random programs your engine gives "
                        + "\(found), the library \(right).")
                return
            }
        }
        verdict.note("engine", true, "It agrees with the library in \(count) random programs.")
    }

    private func library(_ steps: [MiniEngine.Step], leaves: [Double]) -> [Double] {
        let inputs = leaves.map { Tensor($0, dtype: .float64, requiresGrad: true) }
        var values = inputs
        for step in steps {
            switch step {
            case .add(let i, let j): values.append(values[i] + values[j])
            case .multiply(let i, let j): values.append(values[i] * values[j])
            case .power(let i, let n): values.append(values[i] ** n)
            }
        }
        return grads(of: [values[values.count - 1]], wrt: inputs, unused: .zeros).map {
            $0?.item() ?? 0
        }
    }
}
