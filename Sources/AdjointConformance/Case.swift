import Foundation

/// A call that PyTorch made, and what it computed.
struct Case: Sendable {
    let op: String
    let variant: String
    let args: [RecordedArgument]
    let kwargs: [String: RecordedArgument]
    let inputs: [Input]
    let out: [Result]
    /// A cotangent for each result, and the gradient of each input; nil where none flows.
    let gradOut: [RecordedTensor?]?
    let grad: [RecordedTensor?]?
    /// Directions for `grad`, and the gradients of <grad, direction>.
    let gradDirection: [RecordedTensor?]?
    let gradGrad: [RecordedTensor?]?
    let tangent: [RecordedTensor?]?
    let jvp: [RecordedTensor?]?

    struct Input: Sendable {
        let tensor: RecordedTensor
        let requiresGrad: Bool
    }

    enum Result: Sendable {
        case tensor(RecordedTensor)
        case value(RecordedArgument)
    }

    /// The operator with its variant, as lists name it: `div.floor_rounding`.
    var name: String { variant.isEmpty ? op : "\(op).\(variant)" }

    init(_ object: [String: Any]) throws {
        guard let op = object["op"] as? String else { throw Malformed("'op' is no name") }
        self.op = op
        variant = object["variant"] as? String ?? ""
        args = try (object["args"] as? [Any] ?? []).map(RecordedArgument.init(json:))
        kwargs = try (object["kwargs"] as? [String: Any] ?? [:]).mapValues(
            RecordedArgument.init(json:))
        inputs = try (object["tensors"] as? [Any] ?? []).map {
            Input(
                tensor: try RecordedTensor(json: $0),
                requiresGrad: ($0 as? [String: Any])?["requires_grad"] as? Bool ?? false)
        }
        guard let out = object["out"] as? [Any] else { throw Malformed("'out' is missing") }
        self.out = try out.map {
            if let object = $0 as? [String: Any], let value = object["value"] {
                return .value(try RecordedArgument(json: value))
            }
            return .tensor(try RecordedTensor(json: $0))
        }
        func tensors(_ key: String) throws -> [RecordedTensor?]? {
            guard let list = object[key] else { return nil }
            guard let list = list as? [Any] else { throw Malformed("'\(key)' is no list") }
            return try list.map { $0 is NSNull ? nil : try RecordedTensor(json: $0) }
        }
        gradOut = try tensors("grad_out")
        grad = try tensors("grad")
        gradDirection = try tensors("grad_dir")
        gradGrad = try tensors("gradgrad")
        tangent = try tensors("tangent")
        jvp = try tensors("jvp")
        try check()
    }

    /// Lists that go together are of one length, and positions are those of inputs.
    private func check() throws {
        let perInput = [grad, gradDirection, gradGrad, tangent].compactMap { $0?.count }
        guard perInput.allSatisfy({ $0 == inputs.count }) else {
            throw Malformed("'grad', 'grad_dir', 'gradgrad' and 'tangent' need an entry a tensor")
        }
        let perResult = [gradOut, jvp].compactMap { $0?.count }
        guard perResult.allSatisfy({ $0 == out.count }) else {
            throw Malformed("'grad_out' and 'jvp' need an entry a result")
        }
        func checkPositions(_ argument: RecordedArgument) throws {
            switch argument {
            case .tensor(let i) where !inputs.indices.contains(i):
                throw Malformed("there is no tensor \(i)")
            case .list(let list): try list.forEach(checkPositions)
            default: break
            }
        }
        try (args + kwargs.values).forEach(checkPositions)
    }
}
