/// How far an operation can be differentiated.
public enum Differentiability: Sendable {
    /// It has a derivative.
    case smooth
    /// Its results do not change with its inputs (comparisons, positions): no gradient flows.
    case constant
    /// It has a derivative that nobody has written: using it on a tensor that requires a
    /// gradient is an error that names it.
    case missing
}

/// The shape and element type of a result.
public struct TensorSpec: Sendable, Equatable {
    /// The size of each dimension.
    public var sizes: Dims
    /// The type of the elements.
    public var dtype: DType

    /// A shape of these sizes, with elements of this type.
    public init(_ sizes: Dims, _ dtype: DType) {
        self.sizes = sizes
        self.dtype = dtype
    }
}

/// What every operation says of itself. An operation is a value: its stored properties are its
/// parameters (a dimension, a stride), its inputs are tensors.
public protocol AnyOperator: Sendable {
    /// Its name, formula and kind, for readers and tests.
    static var info: OpInfo { get }
    /// Whether gradients flow through it; `.smooth` unless it says otherwise.
    static var differentiability: Differentiability { get }
    /// True where the result depends on where the input's elements lie, and not on their values
    /// alone: `asStrided`.
    static var readsStrides: Bool { get }
    /// True where the first input stands for a symmetric matrix: one triangle may be all that is
    /// read, and derivatives are those along symmetric changes.
    static var readsSymmetric: Bool { get }
    /// What the derivatives for the `wanted` inputs read. They can read nothing else.
    func saves(for wanted: InputSet) -> SavedSet
    /// The type that the operation computes in inside `autocast`; by its family unless it says so.
    static var autocast: AutocastRule { get }
    /// How many multiplications that a sum gathers it takes, as products of matrices and
    /// convolutions count them; 0 for everything else.
    func multiplyAdds(_ inputs: [Tensor], _ outputs: [Tensor]) -> Int
    /// Calls that the sweeps make, on the way checking every derivative, layout and dtype.
    static var samples: [Sample] { get }
    /// How many tensors it takes: from the fewest to the most that its samples have, unless it says
    /// otherwise.
    static var operandCount: ClosedRange<Int> { get }
    /// The operation on `inputs`, through the door.
    ///
    /// - Errors: `.argument` where there are more or fewer than it takes.
    func callAsFunction(_ inputs: [Tensor]) -> [Tensor]
}

/// An operation with one result.
public protocol Operator: AnyOperator {
    /// The shape and dtype of the result, or what does not fit.
    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec
    /// Writes the result into `output`, whose shape and dtype are those of `result`.
    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError)
    /// The gradient for input `i`, from that of the result. Written with public operations, so
    /// that it can be differentiated again. The engine reduces it to the input's shape and dtype.
    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor?
    /// The tangent of the result, from those of the inputs.
    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor?
    /// All samples of a batch at once, inside `vmap`, by public operations: the result has the
    /// batch dimension first. Nil where there is no rule, and the samples are taken one by one.
    func batched(_ inputs: Batch) throws(TensorError) -> Tensor?
    /// True where `compute` may write over the elements of its first input as it reads them.
    static var worksInPlace: Bool { get }
}

extension AnyOperator {
    public static var differentiability: Differentiability { .smooth }
    public static var readsStrides: Bool { false }
    public static var readsSymmetric: Bool { false }
    public static var autocast: AutocastRule { AutocastRule(family: info.family) }
    public func multiplyAdds(_ inputs: [Tensor], _ outputs: [Tensor]) -> Int { 0 }

    public static var operandCount: ClosedRange<Int> {
        let counts = samples.map(\.inputs.count)
        return (counts.min() ?? 0)...(counts.max() ?? .max)
    }

    /// A list as the operands of a call. If there are too few or too many, failed results stand for
    /// them.
    func operands(_ inputs: [Tensor]) -> Operands {
        let counts = Self.operandCount
        if counts.contains(inputs.count) { return Operands(inputs) }
        let (least, most) = (counts.lowerBound, counts.upperBound)
        let range =
            least == most
            ? "\(least) tensor"
            : most == .max ? "at least \(least) tensor" : "\(least) to \(most) tensor"
        let isOne = least == 1 && (most == 1 || most == .max)
        let failed = Failure.poison(
            TensorError(
                .argument,
                "\(Self.info.name) takes \(range)\(isOne ? "" : "s"), and "
                    + "\(inputs.count) \(inputs.count == 1 ? "was" : "were") given"))
        return Operands([Tensor](repeating: failed, count: Swift.max(least, 1)))
    }
}

extension Operator {
    public static var worksInPlace: Bool { false }
    public func callAsFunction(_ inputs: [Tensor]) -> [Tensor] { [apply(self, operands(inputs))] }
}

/// An operation with several results, of which some may carry no gradient.
public protocol MultiOperator: AnyOperator {
    /// The shape and dtype of each result, or what does not fit.
    func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec]
    /// Writes into `outputs`, whose shapes and dtypes are those of `results`.
    func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError)
    /// The gradients of the `wanted` inputs.
    func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots
    /// The tangents of the results.
    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots
    /// All samples of a batch at once, inside `vmap`; nil where there is no rule.
    func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]?
    /// True for results that carry gradients; floating-point ones by default.
    static func isDifferentiable(output: Int) -> Bool
}

extension MultiOperator {
    public static func isDifferentiable(output: Int) -> Bool { true }
    public func callAsFunction(_ inputs: [Tensor]) -> [Tensor] { apply(self, operands(inputs)) }
}

/// An operation whose result views its input's memory.
public protocol ViewOperator: AnyOperator {
    /// Where the result's elements lie.
    func view(_ input: Layout) throws(TensorError) -> Layout
    /// The gradient for the input.
    func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor
}

extension ViewOperator {
    public func saves(for wanted: InputSet) -> SavedSet { .none }
    public func callAsFunction(_ inputs: [Tensor]) -> [Tensor] {
        [apply(self, operands(inputs).first)]
    }
}
