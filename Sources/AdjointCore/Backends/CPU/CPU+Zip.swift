import CAdjoint

/// The vectorised loops of a function of two numbers, where C has them. Strides in elements.
public struct BinaryKernel: Sendable {
    typealias F32 =
        @convention(c) (
            UnsafePointer<Float>?, Int, UnsafePointer<Float>?, Int, UnsafeMutablePointer<Float>?,
            Int, Int
        ) -> Void
    typealias F64 =
        @convention(c) (
            UnsafePointer<Double>?, Int, UnsafePointer<Double>?, Int, UnsafeMutablePointer<Double>?,
            Int, Int
        ) -> Void
    typealias I64 =
        @convention(c) (
            UnsafePointer<Int64>?, Int, UnsafePointer<Int64>?, Int, UnsafeMutablePointer<Int64>?,
            Int, Int
        ) -> Void
    let f32: F32
    let f64: F64
    let i64: I64?

    init(_ f32: F32, _ f64: F64, _ i64: I64? = nil) {
        self.f32 = f32
        self.f64 = f64
        self.i64 = i64
    }
}

/// The loops of a comparison: results are bytes, 0 or 1.
public struct ComparisonKernel: Sendable {
    typealias F32 =
        @convention(c) (
            UnsafePointer<Float>?, Int, UnsafePointer<Float>?, Int, UnsafeMutablePointer<UInt8>?,
            Int, Int
        ) -> Void
    typealias F64 =
        @convention(c) (
            UnsafePointer<Double>?, Int, UnsafePointer<Double>?, Int, UnsafeMutablePointer<UInt8>?,
            Int, Int
        ) -> Void
    typealias I64 =
        @convention(c) (
            UnsafePointer<Int64>?, Int, UnsafePointer<Int64>?, Int, UnsafeMutablePointer<UInt8>?,
            Int, Int
        ) -> Void
    let f32: F32
    let f64: F64
    let i64: I64

    init(_ f32: F32, _ f64: F64, _ i64: I64) {
        self.f32 = f32
        self.f64 = f64
        self.i64 = i64
    }
}

/// The loop of a connective over bytes that are 0 or 1.
public struct TruthKernel: Sendable {
    typealias U8 =
        @convention(c) (
            UnsafePointer<UInt8>?, Int, UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?,
            Int, Int
        ) -> Void
    let loop: U8

    init(_ loop: U8) { self.loop = loop }
}

/// A function of two numbers, for `CPU.zip`.
public protocol BinaryFunction: Sendable {
    /// The loop in C for float32 and float64; nil where `value` is all there is.
    static var kernel: BinaryKernel? { get }
    /// The function at one pair, in whichever type the tensors compute in.
    func value<T: Real>(_ a: T, _ b: T) -> T
    /// The function at a pair of whole numbers; by way of float64 unless it is written.
    func value(_ a: Int64, _ b: Int64) -> Int64
}

extension BinaryFunction {
    public static var kernel: BinaryKernel? { nil }
    public func value(_ a: Int64, _ b: Int64) -> Int64 {
        Scalar.float(value(Double(a), Double(b))).int
    }
}

/// A relation between two numbers, for `CPU.compare`.
public protocol Relation: Sendable {
    /// The loop in C that compares.
    static var kernel: ComparisonKernel { get }
}

extension CPU {
    /// output = op(a, b), element by element, broadcast, computed as `dtype`.
    @inline(__always)
    static func zip<Op: BinaryFunction>(
        _ op: Op, _ a: Block, _ b: Block, as dtype: DType, into output: Block
    ) throws(TensorError) {
        if output.dtype == .float32, a.dtype == .float32, b.dtype == .float32,
            let kernel = Op.kernel,
            a.sizes == output.sizes, b.sizes == output.sizes, a.layout.isContiguous,
            b.layout.isContiguous, output.layout.isContiguous
        {
            let (p, q, y) = (
                a.elements(Float.self), b.elements(Float.self), output.elements(Float.self)
            )
            parallel(output.numel) { begin, end in
                kernel.f32(p + begin, 1, q + begin, 1, y + begin, 1, end - begin)
            }
            return
        }
        try zipAny(op, a, b, dtype, into: output)
    }

    @inline(never)
    private static func zipAny<Op: BinaryFunction>(
        _ op: Op, _ a: Block, _ b: Block, _ dtype: DType, into output: Block
    ) throws(TensorError) {
        let kernel = Op.kernel
        if let kernel, output.dtype == dtype {
            let isDone =
                switch dtype {
                case .float32: flat(kernel.f32, a, b, as: dtype, into: output, Float.self)
                case .float64: flat(kernel.f64, a, b, as: dtype, into: output, Double.self)
                case .int64:
                    kernel.i64.map { flat($0, a, b, as: dtype, into: output, Int64.self) } ?? false
                default: false
                }
            if isDone { return }
        }
        switch dtype {
        case .float32:
            try walk(a, b, output, .float32, .float32, Float.self, Float.self) {
                p, sp, q, sq, y, sy, n in
                if let kernel { return kernel.f32(p, sp, q, sq, y, sy, n) }
                for i in 0..<n { y[i * sy] = op.value(p[i * sp], q[i * sq]) }
            }
        case .float64:
            try walk(a, b, output, .float64, .float64, Double.self, Double.self) {
                p, sp, q, sq, y, sy, n in
                if let kernel { return kernel.f64(p, sp, q, sq, y, sy, n) }
                for i in 0..<n { y[i * sy] = op.value(p[i * sp], q[i * sq]) }
            }
        default:
            try walk(a, b, output, .int64, .int64, Int64.self, Int64.self) {
                p, sp, q, sq, y, sy, n in
                if let loop = kernel?.i64 { return loop(p, sp, q, sq, y, sy, n) }
                for i in 0..<n { y[i * sy] = op.value(p[i * sp], q[i * sq]) }
            }
        }
    }

    /// output = a compared with b, element by element, broadcast.
    static func compare<Op: Relation>(
        _ op: Op, _ a: Block, _ b: Block, _ dtype: DType, into output: Block
    ) throws(TensorError) {
        let kernel = Op.kernel
        let dtype = dtype.computeType
        if output.dtype == .bool {
            let isDone =
                switch dtype {
                case .float32: flat(kernel.f32, a, b, as: dtype, into: output, UInt8.self)
                case .float64: flat(kernel.f64, a, b, as: dtype, into: output, UInt8.self)
                case .int64: flat(kernel.i64, a, b, as: dtype, into: output, UInt8.self)
                default: false
                }
            if isDone { return }
        }
        switch dtype {
        case .float32:
            try walk(a, b, output, .float32, .bool, Float.self, UInt8.self) {
                p, sp, q, sq, y, sy, n in
                kernel.f32(p, sp, q, sq, y, sy, n)
            }
        case .float64:
            try walk(a, b, output, .float64, .bool, Double.self, UInt8.self) {
                p, sp, q, sq, y, sy, n in
                kernel.f64(p, sp, q, sq, y, sy, n)
            }
        default:
            try walk(a, b, output, .int64, .bool, Int64.self, UInt8.self) {
                p, sp, q, sq, y, sy, n in
                kernel.i64(p, sp, q, sq, y, sy, n)
            }
        }
    }

    /// Runs a loop of two operands over the shape of `output`, converting on the way in and out.
    static func walk<T, R>(
        _ a: Block, _ b: Block, _ output: Block, _ dtype: DType, _ resultType: DType,
        _: T.Type, _: R.Type,
        _ row: (
            UnsafeMutablePointer<T>, Int, UnsafeMutablePointer<T>, Int, UnsafeMutablePointer<R>,
            Int,
            Int
        ) -> Void
    ) throws(TensorError) {
        if output.numel == 0 { return }
        let a = try a.dtype == dtype ? a : dense(a, dtype)
        let b = try b.dtype == dtype ? b : dense(b, dtype)
        // A result of another type is computed beside, then converted.
        let target =
            try output.dtype == resultType ? output : Block(scratch: output.sizes, resultType)
        let loop = StridedLoop(
            output.sizes, a.layout.broadcast(to: output.sizes).strides,
            b.layout.broadcast(to: output.sizes).strides, target.layout.strides)
        let (p, q, y) = (a.elements(T.self), b.elements(T.self), target.elements(R.self))
        let step = loop.strides.last!
        loop.run { i, j, k, n in row(p + i, step.0, q + j, step.1, y + k, step.2, n) }
        if target !== output { try copy(target, into: output) }
    }
}
