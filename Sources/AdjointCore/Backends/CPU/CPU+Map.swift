import CAdjoint

/// The vectorised loops of a function of one number, where C has them.
public struct UnaryKernel: Sendable {
    typealias Loop<T> = @Sendable (UnsafePointer<T>?, UnsafeMutablePointer<T>?, Int) -> Void
    let f32: Loop<Float>
    let f64: Loop<Double>

    init(_ f32: @escaping Loop<Float>, _ f64: @escaping Loop<Double>) {
        self.f32 = f32
        self.f64 = f64
    }
}

/// The vectorised loops of a gradient times a derivative: `out = g · f'`, where `f'` is read from
/// the saved input or output `v`. The stride of `g`, in elements, is 1, or 0 for one number.
public struct BackwardKernel: Sendable {
    typealias Loop<T> =
        @Sendable (
            UnsafePointer<T>?, Int, UnsafePointer<T>?, UnsafeMutablePointer<T>?, Int
        ) -> Void
    let f32: Loop<Float>
    let f64: Loop<Double>

    init(_ f32: @escaping Loop<Float>, _ f64: @escaping Loop<Double>) {
        self.f32 = f32
        self.f64 = f64
    }
}

/// A function of one number, for `CPU.map`.
public protocol UnaryFunction: Sendable {
    /// The vectorised loops, if there are any. They are checked against `value`.
    static var kernel: UnaryKernel? { get }
    /// The loops for this operation's parameters; `kernel` where they make no difference.
    var loop: UnaryKernel? { get }
    /// The reference.
    func value<T: Real>(_ x: T) -> T
    /// The same for whole numbers, where the operation takes them as they are.
    func value(_ x: Int64) -> Int64
}

extension UnaryFunction {
    public static var kernel: UnaryKernel? { nil }
    public var loop: UnaryKernel? { Self.kernel }
    public func value(_ x: Int64) -> Int64 { Scalar.float(value(Double(x))).int }
}

extension CPU {
    /// output = op(input), element by element.
    @inline(__always)
    static func map<Op: UnaryFunction>(_ op: Op, _ input: Block, into output: Block)
        throws(TensorError)
    {
        if output.dtype == .float32, input.dtype == .float32, let kernel = op.loop,
            input.layout.isContiguous, output.layout.isContiguous
        {
            let (x, y) = (input.elements(Float.self), output.elements(Float.self))
            parallel(output.numel) { begin, end in kernel.f32(x + begin, y + begin, end - begin) }
            return
        }
        try mapAny(op, input, into: output)
    }

    @inline(never)
    private static func mapAny<Op: UnaryFunction>(
        _ op: Op, _ input: Block, into output: Block
    ) throws(TensorError) {
        if !input.layout.isContiguous, input.layout.isOneNumber {
            // One number, stretched over a shape: so is the result.
            let layout = Layout(sizes: [], strides: [], offset: input.layout.offset)
            let result = Block(empty: [], output.dtype)
            try mapAny(op, Block(input.storage, layout, input.dtype, input.device), into: result)
            try copy(result, into: output)
            return
        }
        let dtype = output.dtype == .bool ? input.dtype.computeType : output.dtype.computeType
        let kernel = op.loop
        switch dtype {
        case .float32: try mapFloat(op, input, output, .float32, kernel?.f32, Float.self)
        case .float64: try mapFloat(op, input, output, .float64, kernel?.f64, Double.self)
        default:
            let dense = try dense(input, .int64)
            try writing(output, as: .int64) { target in
                let (x, y) = (dense.elements(Int64.self), target.elements(Int64.self))
                parallel(target.numel) { begin, end in
                    for i in begin..<end { y[i] = op.value(x[i]) }
                }
            }
        }
    }

    @inline(__always)
    private static func mapFloat<Op: UnaryFunction, T: Real>(
        _ op: Op, _ input: Block, _ output: Block, _ dtype: DType,
        _ kernel: ((UnsafePointer<T>?, UnsafeMutablePointer<T>?, Int) -> Void)?,
        _: T.Type
    ) throws(TensorError) {
        let dense = try dense(input, dtype)
        try writing(output, as: dtype) { target in
            let (x, y) = (dense.elements(T.self), target.elements(T.self))
            parallel(target.numel) { begin, end in
                if let kernel {
                    kernel(x + begin, y + begin, end - begin)
                } else {
                    for i in begin..<end { y[i] = op.value(x[i]) }
                }
            }
        }
    }
}

extension CPU {
    /// Elements along the last dimension from which a gradient is read as it lies, and not written
    /// out first.
    private static let shortRow = 64

    /// output = g · f', element by element, in the float32 or float64 of `g`.
    static func backward(_ kernel: BackwardKernel, _ g: Block, _ v: Block, into output: Block)
        throws(TensorError)
    {
        let (g, v) = try (
            g.layout.isContiguous || g.dtype != output.dtype || !output.layout.isContiguous
                ? dense(g, output.dtype) : g, dense(v, output.dtype)
        )
        try writing(output, as: output.dtype) { (target) throws(TensorError) in
            if output.dtype == .float32 {
                try backward(kernel.f32, g, v, target, Float.self)
            } else {
                try backward(kernel.f64, g, v, target, Double.self)
            }
        }
    }

    /// The same for a dense `v` and `output`.
    @inline(__always)
    private static func backward<T>(
        _ loop: BackwardKernel.Loop<T>, _ g: Block, _ v: Block, _ output: Block, _: T.Type
    ) throws(TensorError) {
        let (q, y) = (v.elements(T.self), output.elements(T.self))
        if !g.layout.isContiguous {
            // The gradient of a sum is a number, or a column, stretched over a shape.
            let walk = StridedLoop(
                output.sizes, g.layout.strides, v.layout.strides, output.layout.strides)
            let step = walk.strides.last!
            let isLong = walk.sizes.count == 1 || walk.sizes.last! >= shortRow
            if isLong, step.0 == 0 || step.0 == 1, step.1 == 1, step.2 == 1 {
                let p = g.elements(T.self)
                walk.run { i, j, k, n in loop(p + i, step.0, q + j, y + k, n) }
                return
            }
        }
        let g = try dense(g, output.dtype)
        let p = g.elements(T.self)
        parallel(output.numel) { i, end in loop(p + i, 1, q + i, y + i, end - i) }
        withExtendedLifetime(g) {}
    }
}
