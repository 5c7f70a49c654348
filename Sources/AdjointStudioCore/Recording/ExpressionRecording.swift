import Adjoint
import AdjointTrace
import Foundation

/// An expression and the values of its leaves, as a page sends them.
struct ExpressionRequest: Decodable, Sendable {
    var source: String
    var leaves: [String: Leaf]?
    /// What backward starts from; nil for 1, where the result is one number.
    var seed: BackwardSeed?

    /// A number, or several.
    enum Leaf: Decodable, Sendable {
        case number(Double)
        case numbers([Double])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .numbers(try container.decode([Double].self))
            }
        }

        var tensor: Tensor {
            switch self {
            case .number(let number): Tensor(number, dtype: .float32, requiresGrad: true)
            case .numbers(let numbers): Tensor(numbers, dtype: .float32, requiresGrad: true)
            }
        }
    }

    /// A leaf has at most this many elements.
    static let elementLimit = 4096
}

/// Runs an expression under the recorder, forward and back.
struct ExpressionRecording {
    static let nodeLimit = 5000

    let request: ExpressionRequest
    let program: ExpressionProgram

    /// - Throws: `ExpressionErrors` where the text is wrong or a leaf has no value.
    init(_ request: ExpressionRequest) throws {
        self.request = request
        program = try ExpressionProgram(request.source)
        let given = request.leaves ?? [:]
        var errors: [ExpressionError] = []
        for leaf in program.leaves {
            switch given[leaf.name] {
            case nil:
                errors.append(
                    ExpressionError(
                        leaf.position,
                        "\(leaf.name) has no value: give it one beside the expression"))
            case .numbers(let numbers)
            where numbers.isEmpty || numbers.count > ExpressionRequest.elementLimit:
                errors.append(
                    ExpressionError(
                        leaf.position,
                        "\(leaf.name) has \(numbers.count) elements; give 1 to "
                            + "\(ExpressionRequest.elementLimit)"))
            default: break
            }
        }
        if !errors.isEmpty { throw ExpressionErrors(errors) }
    }

    /// The records of a run.
    ///
    /// - Throws: `ExpressionErrors` where an operation refuses its operands, or a limit is passed;
    ///   a `StudioError` where the seed is not the result's.
    func records(_ stop: StudioRunner.Stop) throws -> [TraceRecord] {
        let given = request.leaves ?? [:]
        var leaves: [String: Tensor] = [:]
        for leaf in program.leaves {
            let tensor = given[leaf.name]!.tensor
            leaves[leaf.name] = Trace.name(tensor, leaf.name)
        }
        var run = ExpressionRun()
        run.moved = { LineMarks.note($0.line, $0.column) }
        run.named = { Trace.name($0, $1) }
        var count = 0
        run.check = { position in
            count += 1
            if count > Self.nodeLimit {
                throw ExpressionError(
                    position, "more than \(Self.nodeLimit) operations: make the expression shorter")
            }
            if stop.isLate {
                throw ExpressionError(position, "the run took longer than it may")
            }
            if stop.isCancelled { throw CancellationError() }
        }
        let options = TraceOptions(
            values: .full, maxElements: ExpressionRequest.elementLimit, stacks: .none,
            times: false, title: title)
        var failure: (any Error)?
        let document = Trace.record(options) {
            do { try finish(run(program, leaves: leaves)) } catch { failure = error }
        }
        if let error = failure as? ExpressionError { throw ExpressionErrors([error]) }
        if let error = failure as? TensorError {
            throw StudioError(422, "tensor", error.description)
        }
        if let failure { throw failure }
        return LineMarks(file: "expression", text: request.source).located(document.records)
    }

    private var title: String {
        let line = request.source.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        return String(line.prefix(80))
    }

    /// Goes back from the result, where it depends on a leaf: from one number by itself, from
    /// several with the gradient that was given.
    private func finish(_ value: ExpressionRun.Value) throws {
        guard case .tensor(let result) = value, result.requiresGrad else {
            if request.seed != nil {
                throw StudioError(
                    400, "seed",
                    "the result depends on no leaf, so that no gradient can start from it: leave "
                        + "the seed away, or use a leaf")
            }
            Trace.note("The result depends on no leaf: there is no gradient.")
            return
        }
        let seed = try request.seed?.tensor(for: result)
        guard seed != nil || result.numel == 1 else {
            Trace.note(
                "The result has \(result.numel) elements. Backward starts from one number: give it "
                    + "a gradient to start from, or write sum(...) or mean(...) around it.")
            return
        }
        try catchingTensorErrors { result.backward(gradient: seed) }
    }
}
