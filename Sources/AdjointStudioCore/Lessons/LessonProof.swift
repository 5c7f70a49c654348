import Adjoint
import AdjointCore

/// What the lessons claim, computed by the library. A proof has the name `lesson.claim`.
public enum LessonProof {
    /// Computes a claimed value anew.
    public typealias Body = @Sendable () throws -> ClaimValue

    /// Every proof, by name.
    public static let all: [String: Body] = {
        var all: [String: Body] = [:]
        for group in [basics, graphs, passes, control, functions, practice] {
            all.merge(group) { first, _ in first }
        }
        return all
    }()

    /// What the claims of `lesson` come to now, by the id of the claim; empty for a lesson
    /// without proofs.
    public static func values(of lesson: String) throws -> [String: ClaimValue] {
        var values: [String: ClaimValue] = [:]
        for (name, body) in all where name.hasPrefix(lesson + ".") {
            values[String(name.dropFirst(lesson.count + 1))] = try body()
        }
        return values
    }

    /// A tensor's only element, or all of them.
    static func value(_ tensor: Tensor?) -> ClaimValue {
        guard let tensor else { return .text("nil") }
        let numbers = tensor.detach().array(as: Double.self)
        return numbers.count == 1 ? .number(numbers[0]) : .numbers(numbers)
    }

    /// The same with four decimals, where no shorter number is exact.
    static func rounded(_ tensor: Tensor?) -> ClaimValue {
        guard let tensor else { return .text("nil") }
        let texts = tensor.detach().array(as: Double.self).map(fourDecimals)
        return texts.count == 1 ? .text(texts[0]) : .texts(texts)
    }

    /// The kind of the error that `body` meets.
    static func errorKind(_ body: () -> Void) throws -> ClaimValue {
        do {
            try catchingTensorErrors(body)
        } catch let error as TensorError {
            return .text("\(error.kind)")
        }
        return .text("none")
    }

    static func watched(_ numbers: Double...) -> Tensor {
        Tensor(numbers, dtype: .float32, requiresGrad: true)
    }

    private static func fourDecimals(_ number: Double) -> String {
        let scaled = (number.magnitude * 10_000).rounded()
        let digits = String(Int(scaled))
        let padded = String(repeating: "0", count: max(5 - digits.count, 0)) + digits
        return (number < 0 && scaled > 0 ? "-" : "") + padded.dropLast(4) + "." + padded.suffix(4)
    }
}
