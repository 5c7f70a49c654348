import AdjointCore
import Foundation
import Testing

/// A function of float32 with its definition in double, which the C library computes to within a
/// millionth of a float's ulp.
struct AccuracyCase: Sendable, CustomTestStringConvertible {
    /// The name in the table of Documentation/Reliability.md.
    let name: String
    let function: @Sendable (Tensor) -> Tensor
    let definition: @Sendable (Double) -> Double

    var testDescription: String { name }

    init(
        _ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor,
        _ definition: @escaping @Sendable (Double) -> Double
    ) {
        (self.name, self.function, self.definition) = (name, function, definition)
    }

    private static func sigmoid(_ x: Double) -> Double {
        let e = exp(-abs(x))
        return (x < 0 ? e : 1) / (1 + e)
    }

    private static func mish(_ x: Double) -> Double {
        let e = exp(min(x, 40)), w = e * (e + 2)
        return x * (w / (w + 2))
    }

    static let all: [AccuracyCase] = [
        .init("exp", { $0.exp() }, { exp($0) }),
        .init("expm1", { $0.expm1() }, { expm1($0) }),
        .init("exp2", { $0.exp2() }, { exp2($0) }),
        .init("log", { $0.log() }, { log($0) }),
        .init("log1p", { $0.log1p() }, { log1p($0) }),
        .init("log2", { $0.log2() }, { log2($0) }),
        .init("log10", { $0.log10() }, { log10($0) }),
        .init("tanh", { $0.tanh() }, { tanh($0) }),
        .init("sigmoid", { $0.sigmoid() }, { sigmoid($0) }),
        .init("logsigmoid", { $0.logSigmoid() }, { min($0, 0) - log1p(exp(-abs($0))) }),
        .init("softplus", { $0.softplus() }, { $0 > 20 ? $0 : log1p(exp($0)) }),
        .init("erf", { $0.erf() }, { erf($0) }),
        .init("erfc", { $0.erfc() }, { erfc($0) }),
        .init("gelu", { $0.gelu() }, { $0 * (0.5 * erfc($0 * -0.5.squareRoot())) }),
        .init(
            "gelu_tanh", { $0.gelu(approximate: .tanh) },
            { $0 * sigmoid(1.595_769_121_605_730_711_7 * ($0 + 0.044715 * ($0 * $0 * $0))) }),
        .init("silu", { $0.silu() }, { $0 * sigmoid($0) }),
        .init("mish", { $0.mish() }, { mish($0) }),
        .init("sin", { $0.sin() }, { sin($0) }),
        .init("cos", { $0.cos() }, { cos($0) }),
        .init("tan", { $0.tan() }, { tan($0) }),
        .init("sqrt", { $0.sqrt() }, { $0.squareRoot() }),
        .init("rsqrt", { $0.rsqrt() }, { 1 / $0.squareRoot() }),
        .init("reciprocal", { $0.reciprocal() }, { 1 / $0 }),
        .init("square", { $0.square() }, { $0 * $0 }),
    ]
}

/// One float32 in 4,099, a million for each function, against the bounds that `make accuracy`
/// found over all of them.
@Suite struct AccuracyTests {
    @Test(arguments: AccuracyCase.all) func errorsAreWithinTheTable(_ function: AccuracyCase) throws
    {
        let bound = try #require(Self.bounds[function.name])
        let values = stride(from: UInt32(0), through: .max, by: 4_099)
            .map { Float(bitPattern: $0) }.filter { !$0.isNaN }
        let results: [Float] = function.function(Tensor(values)).array()
        var worst = (error: 0.0, at: Float.nan)
        var wrong: [Float] = []
        for (x, y) in zip(values, results) {
            let exact = function.definition(Double(x))
            if exact.isNaN || exact.isInfinite || y.isNaN {
                if exact.isNaN != y.isNaN || (exact.isInfinite && Double(y) != exact) {
                    wrong.append(x)
                }
                continue
            }
            let error = Self.ulps(y, exact)
            if error > worst.error { worst = (error, x) }
        }
        #expect(wrong.isEmpty, "NaN or infinity is wrong at \(wrong.prefix(3))")
        // The table has two digits.
        #expect(worst.error <= bound + 0.005, "\(worst.error) ulps at \(worst.at)")
    }

    @Test(arguments: [DType.float32, .float64]) func mishIsAStraightLineFarOut(_ dtype: DType) {
        let x = Tensor([50.0, 1e20, 3e38], dtype: dtype, requiresGrad: true)
        x.mish().sum().backward()
        #expect(x.grad?.array() == [1.0, 1, 1])
    }

    @Test func logSigmoidStaysBelowZero() {
        let y: [Float] = Tensor([90, 300.5, 1e30] as [Float]).logSigmoid().array()
        #expect(y.allSatisfy { $0.sign == .minus })
    }

    @Test func anErrorIsSeen() {
        #expect(Self.ulps(Float(1).nextUp, 1) == 1)
        #expect(Self.ulps(Float(1).nextDown, 1) == 0.5)
        #expect(Self.ulps(.leastNonzeroMagnitude, 0) == 1)
        #expect(Self.ulps(.infinity, Double(Float.greatestFiniteMagnitude)) == 1)
        #expect(Self.ulps(.infinity, 1e300) == 0)
    }

    /// How far `y` is from `exact`, in units of the last place of its binade. An infinity counts
    /// as 2¹²⁸.
    private static func ulps(_ y: Float, _ exact: Double) -> Double {
        let limit = 0x1p128
        let distance = abs(max(min(Double(y), limit), -limit) - max(min(exact, limit), -limit))
        let exponent = exact == 0 ? -126 : min(max(Int(exact.exponent), -126), 127)
        return distance * Double(sign: .plus, exponent: 23 - exponent, significand: 1)
    }

    /// The largest errors of the table, by function.
    private static let bounds: [String: Double] = {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../Documentation/Reliability.md").standardized
        let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
        var bounds: [String: Double] = [:]
        for line in text.components(separatedBy: "## Numbers: accuracy").last!.split(
            separator: "\n")
        {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.count > 2, let bound = Double(cells[1]) { bounds[cells[0]] = bound }
        }
        return bounds
    }()
}
