public import AdjointCore

/// What a call gives: a tensor, or a number or truth value of the host.
public protocol CallResult {}
extension Tensor: CallResult {}
extension Bool: CallResult {}
extension Int: CallResult {}
extension Double: CallResult {}

/// Makes the call that PyTorch's name stands for, with arguments as PyTorch takes them.
public typealias Call = @Sendable (Arguments) throws -> [any CallResult]

/// PyTorch's names, and the calls that they are here.
///
/// An operation of one input and no parameters needs no entry: it is found in the roll call by
/// its PyTorch name. Everything else says in `Bindings/` how PyTorch's arguments become ours.
public struct Calls: Sendable {
    private var calls: [String: Call] = [:]

    /// The calls of all areas.
    public static let all: Calls = {
        var calls = Calls()
        calls.addDerived()
        calls.addBindings()
        return calls
    }()

    /// The call of an operator's name; with its variant (`div.floor_rounding`) before without.
    public func call(_ op: String, variant: String = "") -> Call? {
        (variant.isEmpty ? nil : calls["\(op).\(variant)"]) ?? calls[op]
    }

    /// Binds each of `names` to `call`.
    public mutating func bind(_ names: String..., to call: @escaping Call) {
        for name in names { calls[name] = call }
    }

    /// The names that have a call.
    public var names: [String] { calls.keys.sorted() }

    /// Operations of one input without parameters, from the roll call.
    private mutating func addDerived() {
        for type in RollCall.all {
            let samples = type.samples
            guard let op = samples.first?.op, type.info.torch.hasPrefix("torch."),
                Mirror(reflecting: op).children.isEmpty,
                samples.allSatisfy({ $0.inputs.count == 1 })
            else { continue }
            bind(String(type.info.torch.dropFirst("torch.".count))) { op([try $0.tensor(0)]) }
        }
    }
}
