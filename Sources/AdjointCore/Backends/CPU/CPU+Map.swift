import CAdjoint

/// The vectorised loops of a function of one number, where C has them.
public struct UnaryKernel: Sendable {
    typealias F32 =
        @convention(c) (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
    typealias F64 =
        @convention(c) (UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, Int) -> Void
    let f32: F32
    let f64: F64

    init(_ f32: F32, _ f64: F64) {
        self.f32 = f32
        self.f64 = f64
    }
}

/// A function of one number, for `CPU.map`.
public protocol UnaryFunction: Sendable {
    /// The vectorised loops, if there are any. They are checked against `value`.
    static var kernel: UnaryKernel? { get }
    /// The reference.
    func value<T: Real>(_ x: T) -> T
    /// The same for whole numbers, where the operation takes them as they are.
    func value(_ x: Int64) -> Int64
}

extension UnaryFunction {
    public static var kernel: UnaryKernel? { nil }
    public func value(_ x: Int64) -> Int64 { Int64(value(Double(x))) }
}

extension CPU {
    /// output = op(input), element by element.
    @inline(__always)
    static func map<Op: UnaryFunction>(_ op: Op, _ input: Block, into output: Block) {
        if output.dtype == .float32, input.dtype == .float32, let kernel = Op.kernel,
            input.layout.isContiguous, output.layout.isContiguous
        {
            let (x, y) = (input.elements(Float.self), output.elements(Float.self))
            parallel(output.numel) { begin, end in kernel.f32(x + begin, y + begin, end - begin) }
            return
        }
        mapAny(op, input, into: output)
    }

    @inline(never)
    private static func mapAny<Op: UnaryFunction>(
        _ op: Op, _ input: Block, into output: Block
    ) {
        let dtype = output.dtype == .bool ? input.dtype.computeType : output.dtype.computeType
        switch dtype {
        case .float32: mapFloat(op, input, output, .float32, Op.kernel?.f32, Float.self)
        case .float64: mapFloat(op, input, output, .float64, Op.kernel?.f64, Double.self)
        default:
            let dense = dense(input, .int64)
            writing(output, as: .int64) { target in
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
    ) {
        let dense = dense(input, dtype)
        writing(output, as: dtype) { target in
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
