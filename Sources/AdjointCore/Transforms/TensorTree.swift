/// A structure of tensors: what the transforms differentiate with respect to, and return.
///
/// Tensors are such structures, and so are arrays, dictionaries with names as keys, and optionals
/// of them, to any depth. A structure of one's own says how its tensors are reached:
///
///     struct Layer: TensorTree {
///         var weight: Tensor, bias: Tensor?
///         mutating func forEachTensor(_ visit: (inout Tensor) -> Void) {
///             visit(&weight)
///             bias.forEachTensor(visit)
///         }
///     }
///     let gradient: Layer = grad { (p: Layer) in loss(p) }(layer)
///
/// Structures are values: a class would be changed by what only looks at it.
public protocol TensorTree {
    /// Calls `visit` with every tensor in the structure, in an order that depends on the structure
    /// alone. `visit` may put another tensor in its place.
    mutating func forEachTensor(_ visit: (inout Tensor) -> Void)
    /// What two structures have in common whose tensors correspond to each other: `[w: *, b: *]`.
    /// By default the type's name and the number of its tensors.
    var treeOutline: String { get }
}

extension TensorTree {
    public var treeOutline: String { "\(Self.self)(\(tensors.count))" }

    /// Every tensor in the structure.
    public var tensors: [Tensor] {
        var copy = self
        var found: [Tensor] = []
        copy.forEachTensor { found.append($0) }
        return found
    }

    /// The same structure with `body` of each tensor in its place.
    public func mapTensors(_ body: (Tensor) -> Tensor) -> Self {
        var copy = self
        copy.forEachTensor { $0 = body($0) }
        return copy
    }

    /// The same structure with other tensors, as many. Where there are too few, poisoned ones
    /// stand for them: an error has been raised by then.
    func holding(_ others: [Tensor]) -> Self {
        var rest = others[...]
        return mapTensors { rest.popFirst() ?? .poisoned($0.sizes, $0.dtype) }
    }
}

extension Tensor: TensorTree {}

extension TensorTree where Self: Tensor {
    /// Visits the tensor itself.
    public mutating func forEachTensor(_ visit: (inout Tensor) -> Void) {
        var tensor: Tensor = self
        visit(&tensor)
        if let same = tensor as? Self {
            self = same
        } else {
            Failure.raise(
                TensorError(
                    .argument,
                    "a transform puts a Tensor in the place of a \(Self.self); give the argument "
                        + "of the function the type Tensor"))
        }
    }

    public var treeOutline: String { "*" }
}

extension Array: TensorTree where Element: TensorTree {
    /// Visits the elements in order.
    public mutating func forEachTensor(_ visit: (inout Tensor) -> Void) {
        for i in indices { self[i].forEachTensor(visit) }
    }

    public var treeOutline: String {
        "[" + map(\.treeOutline).joined(separator: ", ") + "]"
    }
}

extension Dictionary: TensorTree where Key == String, Value: TensorTree {
    /// Visits the values in the order of their keys.
    public mutating func forEachTensor(_ visit: (inout Tensor) -> Void) {
        for key in keys.sorted() { self[key]!.forEachTensor(visit) }
    }

    public var treeOutline: String {
        let parts = sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.treeOutline)" }
        return "[" + parts.joined(separator: ", ") + "]"
    }
}

extension Optional: TensorTree where Wrapped: TensorTree {
    /// Visits what is there.
    public mutating func forEachTensor(_ visit: (inout Tensor) -> Void) {
        self?.forEachTensor(visit)
    }

    public var treeOutline: String { self?.treeOutline ?? "nil" }
}

/// Two structures as one.
struct TreePair<First: TensorTree, Second: TensorTree>: TensorTree {
    var first: First
    var second: Second

    init(_ first: First, _ second: Second) { (self.first, self.second) = (first, second) }

    mutating func forEachTensor(_ visit: (inout Tensor) -> Void) {
        first.forEachTensor(visit)
        second.forEachTensor(visit)
    }

    var treeOutline: String { "(\(first.treeOutline), \(second.treeOutline))" }
}

/// A function of structures as one of lists, and the way back.
final class FlatFunction<P: TensorTree, R: TensorTree> {
    private let body: (P) -> R
    private let argument: P
    /// The structure of the latest result.
    private(set) var result: R?

    init(_ body: @escaping (P) -> R, at argument: P) {
        self.body = body
        self.argument = argument
    }

    func callAsFunction(_ tensors: [Tensor]) -> [Tensor] {
        let result = body(argument.holding(tensors))
        self.result = result
        return result.tensors
    }

    /// The tensors of `tree` in a structure like that of the result.
    func rebuilt(_ tensors: [Tensor]) -> R { result!.holding(tensors) }
}
