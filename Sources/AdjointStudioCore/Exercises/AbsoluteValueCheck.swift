import Adjoint
import AdjointCore

/// |x| with a way back of the learner's own: a formula of x and of the gradient g that comes in.
struct AbsoluteValueCheck {
    private let answer: ExerciseAnswer
    private static let field = "backward"

    init(_ answer: ExerciseAnswer) { self.answer = answer }

    /// The operation with the learner's way back, element by element.
    private struct Absolute: Function {
        let slopes: @Sendable (_ x: Double, _ gradient: Double) -> Double

        func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
            context.saveForBackward(inputs[0])
            return [inputs[0].abs()]
        }

        func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
            let x = context.savedTensors[0].detach().array(as: Double.self)
            let gradients = gradOutputs[0]!.detach().array(as: Double.self)
            return [Tensor(zip(x, gradients).map(slopes), dtype: .float64)]
        }
    }

    var verdict: ExerciseVerdict {
        var verdict = ExerciseVerdict()
        guard let text = answer.text(Self.field) else {
            verdict.note(Self.field, false, "Nothing is typed yet.")
            return verdict
        }
        do throws(FormulaErrors) {
            let formula = try LearnerFormula(text, field: Self.field, names: ["x", "g"])
            // Fails here, where it can be said, if it fails anywhere.
            _ = try formula.value(at: ["x": 1, "g": 1])
            sides(formula, &verdict)
            try choice(formula, &verdict)
        } catch {
            verdict.errors += error.errors
        }
        return verdict
    }

    /// Left and right of 0, run through the library.
    private func sides(_ formula: LearnerFormula, _ verdict: inout ExerciseVerdict) {
        let count = 24
        let numbers = withGenerator(seed: answer.seed) {
            Tensor.rand([2 * count], dtype: .float64).array(as: Double.self)
        }
        let points = (0..<count).map { i -> Double in
            let size = (1 + (numbers[i] * 200).rounded()) / 100
            return i % 2 == 0 ? size : -size
        }
        let incoming = (0..<count).map { ((numbers[count + $0] * 6 - 3) * 100).rounded() / 100 }
        let x = Tensor(points, dtype: .float64, requiresGrad: true)
        let operation = Absolute { (try? formula.value(at: ["x": $0, "g": $1])) ?? .nan }
        operation.apply(x).backward(gradient: Tensor(incoming, dtype: .float64))
        let found = x.grad?.array(as: Double.self) ?? []
        let exact = Tensor(points, dtype: .float64, requiresGrad: true)
        exact.abs().backward(gradient: Tensor(incoming, dtype: .float64))
        let right = exact.grad?.array(as: Double.self) ?? []
        let nudge = 1e-6
        var tried = (0..<count).map { i in
            ExerciseVerdict.Point(
                at: ["x": points[i], "g": incoming[i]], answer: found[i], right: right[i],
                nudged: incoming[i] * (abs(points[i] + nudge) - abs(points[i] - nudge))
                    / (2 * nudge),
                difference: abs(found[i] - right[i]))
        }
        tried.sort { $0.difference.isNaN ? !$1.difference.isNaN : $0.difference > $1.difference }
        let isRight = tried.allSatisfy { $0.difference <= 1e-9 }
        verdict.note(
            Self.field, isRight,
            isRight
                ? "Away from 0 it is right, at \(count) random points with random gradients g."
                : "Away from 0 it is not right yet; the worst of \(count) points is shown first.",
            points: tried)
    }

    /// At 0 any number from -g to g will do.
    private func choice(
        _ formula: LearnerFormula, _ verdict: inout ExerciseVerdict
    ) throws(FormulaErrors) {
        let chosen = try formula.value(at: ["x": 0, "g": 1])
        let twice = try formula.value(at: ["x": 0, "g": 2])
        let library = Tensor(0.0, dtype: .float64, requiresGrad: true)
        library.abs().backward()
        let ours = ExerciseVerdict.short(library.grad!.item())
        let words: String
        if chosen.isNaN {
            words = "At 0 it gives no number: 0 divided by 0. Choose a slope there."
        } else if abs(chosen) > 1 {
            words = """
                At 0 you chose \(ExerciseVerdict.short(chosen)). A line of that slope through the \
                corner crosses |x|; choose from -1 to 1.
                """
        } else if abs(twice - 2 * chosen) > 1e-9 {
            words = "At 0 what goes out must grow with g, as everywhere."
        } else {
            words = """
                At 0 you chose \(ExerciseVerdict.short(chosen)): fine, since every slope from -1 \
                to 1 lies below the corner. The library chooses \(ours), and so does PyTorch.
                """
            verdict.note(Self.field, true, words)
            return
        }
        verdict.note(Self.field, false, words)
    }
}
