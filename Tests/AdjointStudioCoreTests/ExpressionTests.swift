import Adjoint
import Testing

@testable import AdjointStudioCore

/// The expression language: what it means, and what it says where it means nothing.
@Suite struct ExpressionTests {
    private func value(_ source: String, _ leaves: [String: Double] = [:]) throws -> Double {
        let program = try ExpressionProgram(source)
        return try ExpressionRun()(
            program, leaves: leaves.mapValues { Tensor($0, dtype: .float64) }
        )
        .tensor.item() as Double
    }

    @Test(
        "values are those of the library",
        arguments: [
            ("y = x**2 + 3*x", 10.0), ("-x ** 2", -4), ("2 ** 3 ** 2 * x", 1024),
            ("x - 1 - 1", 0), ("x / 2 / 2", 0.5), ("2 ** -1 * x", 1), ("-(-x)", 2), ("+x", 2),
            ("a = x * 3; b = a - x\nb * a", 24), ("# words\n x # more", 2), ("1e1 * x + .5", 20.5),
            ("maximum(x, 3 * x) + relu(-x)", 6), ("where(x > 1, x * 10, x)", 20),
            ("sin(0 * x) + cos(0 * x)", 1), ("x * 2 == 4", 1), ("e ** (0 * x)", 1),
        ])
    func values(_ source: String, _ expected: Double) throws {
        #expect(abs(try value(source, ["x": 2]) - expected) < 1e-6, "\(source)")
    }

    @Test("the gradient is the library's")
    func gradient() throws {
        let x = Tensor(2.0, requiresGrad: true)
        let program = try ExpressionProgram("y = x**2 + 3*x")
        try ExpressionRun()(program, leaves: ["x": x]).tensor.backward()
        #expect(x.grad?.item() == 7.0)
        #expect(program.leaves.map(\.name) == ["x"] && program.assigned == ["y"])
    }

    @Test(
        "what is wrong is told with its line and column",
        arguments: [
            ("x +", 1, 4, "a value is missing at the end"), ("y = x ^ 2", 1, 7, "x ** 2"),
            ("3x", 1, 2, "3 * x"), ("x\n  (x", 2, 5, "the ( in column 3 has no )"),
            ("x)", 1, 2, "no ( for this"), ("sinn(x)", 1, 1, "no function 'sinn'"),
            ("sin(x, x)", 1, 1, "takes 1 of them, not 2: write sin(x)"), ("sin", 1, 1, "sin(x)"),
            ("sin = 3", 1, 1, "taken"), ("x = = 2", 1, 5, "missing before '='"),
            ("x y", 1, 3, "operator is missing"), ("2 * x²", 1, 6, "x ** 2"),
            ("x = 1 = 2", 1, 7, "equality is written =="), ("", 1, 1, "no expression yet"),
            ("* x", 1, 1, "missing before '*'"), ("x.sum", 1, 2, "sin(x)"),
        ])
    func errors(_ source: String, _ line: Int, _ column: Int, _ words: String) {
        do {
            _ = try ExpressionProgram(source)
            Issue.record("\(source) was read")
        } catch {
            let first = error.errors[0]
            #expect(first.line == line && first.column == column, "\(source): \(first)")
            #expect(first.message.contains(words), "\(first.message)")
        }
    }

    @Test("each line's error is told")
    func severalErrors() {
        do {
            _ = try ExpressionProgram("a = \nb = x\nc = )")
            Issue.record("it was read")
        } catch {
            #expect(error.errors.map(\.line) == [1, 3])
        }
    }

    @Test("deep and long expressions end with a word, not with the process")
    func depth() throws {
        for part in ["(", "-", "2**", "sin("] {
            #expect(throws: ExpressionErrors.self) {
                try ExpressionProgram(String(repeating: part, count: 3000) + "x")
            }
        }
        #expect(throws: ExpressionErrors.self) {
            try ExpressionProgram(String(repeating: "x+", count: 6000) + "x")
        }
        let sum = String(repeating: "x+", count: 4000) + "x"
        #expect(try value(sum, ["x": 1]) == 4001)
    }

    @Test("an operation that refuses its operands is told at its place")
    func shapes() throws {
        let sum = try ExpressionProgram("s = a + b")
        let leaves = ["a": Tensor([1.0, 2.0]), "b": Tensor([1.0, 2.0, 3.0])]
        let error = #expect(throws: ExpressionError.self) {
            try ExpressionRun()(sum, leaves: leaves)
        }
        #expect(error?.line == 1 && error?.column == 7)
    }
}
