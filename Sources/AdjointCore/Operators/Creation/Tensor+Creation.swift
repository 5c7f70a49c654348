import CAdjoint

extension Tensor {
    /// All elements `value`, whose type gives the dtype unless `dtype` does (a Double: float32).
    public static func full(
        _ shape: [Int], _ value: some TensorScalar, dtype: DType? = nil, device: Device = .cpu,
        requiresGrad: Bool = false
    ) -> Tensor {
        let type = value.scalar.dtype
        return made(
            "full", shape, dtype ?? (type == .float64 ? .float32 : type), device, requiresGrad
        ) {
            CPU.fill($0, value.scalar)
        }
    }

    /// All elements 0.
    public static func zeros(
        _ shape: [Int], dtype: DType = .float32, device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        made("zeros", shape, dtype, device, requiresGrad) { CPU.fill($0, .int(0)) }
    }
    /// Zeros of the shape `zeros(2, 3)`. Same as `torch.zeros`.
    public static func zeros(
        _ shape: Int..., dtype: DType = .float32, device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        zeros(shape, dtype: dtype, device: device, requiresGrad: requiresGrad)
    }

    /// All elements 1.
    public static func ones(
        _ shape: [Int], dtype: DType = .float32, device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        made("ones", shape, dtype, device, requiresGrad) { CPU.fill($0, .int(1)) }
    }
    /// Ones of the shape `ones(2, 3)`. Same as `torch.ones`.
    public static func ones(
        _ shape: Int..., dtype: DType = .float32, device: Device = .cpu, requiresGrad: Bool = false
    ) -> Tensor {
        ones(shape, dtype: dtype, device: device, requiresGrad: requiresGrad)
    }

    /// Zeros of the shape of `t`, and of its dtype and device unless others are given.
    public static func zerosLike(
        _ t: Tensor, dtype: DType? = nil, device: Device? = nil, requiresGrad: Bool = false
    ) -> Tensor {
        zeros(
            t.shape, dtype: dtype ?? t.dtype, device: device ?? t.device, requiresGrad: requiresGrad
        )
    }
    /// Ones of the shape of `t`, and of its dtype and device unless others are given.
    public static func onesLike(
        _ t: Tensor, dtype: DType? = nil, device: Device? = nil, requiresGrad: Bool = false
    ) -> Tensor {
        ones(
            t.shape, dtype: dtype ?? t.dtype, device: device ?? t.device, requiresGrad: requiresGrad
        )
    }
    /// `value` in the shape of `t`, and in its dtype and device unless others are given.
    public static func fullLike(
        _ t: Tensor, _ value: some TensorScalar, dtype: DType? = nil, device: Device? = nil,
        requiresGrad: Bool = false
    ) -> Tensor {
        full(
            t.shape, value, dtype: dtype ?? t.dtype, device: device ?? t.device,
            requiresGrad: requiresGrad)
    }
    /// One number, float32 unless `dtype` says otherwise. Same as `torch.scalar_tensor`.
    public static func scalarTensor(
        _ value: some TensorScalar, dtype: DType = .float32, device: Device = .cpu,
        requiresGrad: Bool = false
    ) -> Tensor {
        full([], value, dtype: dtype, device: device, requiresGrad: requiresGrad)
    }

    /// The identity matrix of `n` rows, with ones on the diagonal of an `n` by `m` matrix.
    public static func eye(
        _ n: Int, _ m: Int? = nil, dtype: DType = .float32, device: Device = .cpu,
        requiresGrad: Bool = false
    ) -> Tensor {
        made("eye", [n, m ?? n], dtype, device, requiresGrad) { eye in
            CPU.fill(eye, .int(0))
            let diagonal = Layout(
                sizes: [Swift.min(n, m ?? n)], strides: [(m ?? n) &+ 1], offset: 0)
            CPU.fill(Tensor(eye.storage, diagonal, dtype, .cpu), .int(1))
        }
    }

    /// `start`, `start + step`, ... below `end`. Integers give int64, floats float32.
    ///
    /// - Errors: `.argument` for a step of 0, or one that leads away from `end`.
    public static func arange<S: TensorScalar>(
        _ start: S, _ end: S, _ step: S, dtype: DType? = nil, device: Device = .cpu,
        requiresGrad: Bool = false
    ) -> Tensor {
        let (from, to, by) = (start.scalar.double, end.scalar.double, step.scalar.double)
        let count = ((to - from) / by).rounded(.up)
        guard by != 0, count >= 0, let length = Int(exactly: count) else {
            return Failure.poison(
                TensorError(
                    .argument,
                    "from \(start) to \(end) by \(step): the step must lead to the end, in steps that an Int counts",
                    operation: "arange"))
        }
        if dtype == .bool { return notBoolean("arange") }
        let type = start.scalar.dtype == .float64 ? DType.float32 : .int64
        return made("arange", [length], dtype ?? type, device, requiresGrad) {
            (range) throws(TensorError) in
            if case .int(let first) = start.scalar {
                try fillEach(range, .int64, Int64.self) { first &+ Int64($0) &* step.scalar.int }
            } else {
                try fillEach(range, .float64, Double.self) { from + Double($0) * by }
            }
        }
    }
    /// The whole numbers from `start` up to, and without, `end`: int64 unless a dtype is given.
    public static func arange(_ start: Int, _ end: Int, dtype: DType? = nil) -> Tensor {
        arange(start, end, 1, dtype: dtype)
    }
    /// The whole numbers from 0 up to, and without, `end`: int64 unless a dtype is given.
    public static func arange(_ end: Int, dtype: DType? = nil) -> Tensor {
        arange(0, end, 1, dtype: dtype)
    }
    /// `start`, `start` + 1, … below `end`: float32 unless a dtype is given.
    @_disfavoredOverload
    public static func arange(_ start: Double, _ end: Double, dtype: DType? = nil) -> Tensor {
        arange(start, end, 1, dtype: dtype)
    }
    /// 0, 1, … below `end`: float32 unless a dtype is given.
    @_disfavoredOverload
    public static func arange(_ end: Double, dtype: DType? = nil) -> Tensor {
        arange(0, end, 1, dtype: dtype)
    }

    static func fillEach<T>(
        _ tensor: Tensor, _ dtype: DType, _: T.Type, _ element: (Int) -> T
    ) throws(TensorError) {
        try CPU.writing(tensor, as: dtype) { target in
            let y = target.elements(T.self)
            for i in 0..<target.numel { y[i] = element(i) }
        }
    }

    /// A new leaf that `body` fills where there is data.
    static func made(
        _ operation: String, _ shape: [Int], _ dtype: DType, _ device: Device, _ requiresGrad: Bool,
        _ body: (Tensor) throws(TensorError) -> Void
    ) -> Tensor {
        let sizes = Dims(shape)
        if sizes.checkedProduct == nil {
            return Failure.poison(Door.named(Door.uncountable(sizes), operation))
        }
        let tensor = Tensor(placed: sizes, dtype, device, operation)
        do throws(TensorError) {
            if tensor.storage.memory != nil { try body(tensor) }
        } catch {
            return Failure.poison(Door.named(error, operation), like: sizes, dtype)
        }
        if requiresGrad { tensor.requiresGrad_() }
        return tensor
    }
}
