/// A nested literal of numbers or truth values. A literal of floats makes a float32 tensor, of
/// integers int64, of booleans bool.
public struct TensorLiteral: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, Sendable
{
    indirect enum Value: Sendable {
        case number(Scalar)
        case list([TensorLiteral])
    }

    let value: Value

    public init(floatLiteral value: Double) { self.value = .number(.float(value)) }
    public init(integerLiteral value: Int) { self.value = .number(.int(Int64(value))) }
    public init(booleanLiteral value: Bool) { self.value = .number(.bool(value)) }
    public init(arrayLiteral elements: TensorLiteral...) { value = .list(elements) }

    /// The numbers row-major, and the shape that they fill.
    func flattened() throws(TensorError) -> (numbers: [Scalar], sizes: [Int]) {
        switch value {
        case .number(let scalar): return ([scalar], [])
        case .list(let list):
            var numbers: [Scalar] = []
            var sizes: [Int]?
            for element in list {
                let (inner, innerSizes) = try element.flattened()
                if let sizes, sizes != innerSizes {
                    throw TensorError(
                        .shape,
                        "a nested literal has rows of different shapes, \(sizes) and "
                            + "\(innerSizes)", operation: "Tensor")
                }
                sizes = innerSizes
                numbers += inner
            }
            return (numbers, [list.count] + (sizes ?? []))
        }
    }

    static func dtype(_ numbers: [Scalar]) -> DType {
        var category = numbers.isEmpty ? DType.Category.floating : .bool
        for number in numbers where number.dtype.category.rawValue > category.rawValue {
            category = number.dtype.category
        }
        return category == .floating ? .float32 : category == .integer ? .int64 : .bool
    }
}

extension Tensor {
    /// A tensor from a literal, nested to any depth: `Tensor([[1.0, 2.0], [3.0, 4.0]])`.
    ///
    /// - Parameters:
    ///   - literal: Numbers or truth values, or arrays of them.
    ///   - shape: Another shape for the same elements; that of the literal if nil.
    ///   - dtype: float32, int64 or bool, by the literal, if nil.
    ///   - device: Where the elements lie.
    ///   - requiresGrad: Whether gradients are wanted; for floating-point types alone.
    /// - Errors: `.shape` for ragged rows; `.device` for a device that is not there; `.dtype` for
    ///   integers or booleans that should require gradients.
    public convenience init(
        _ literal: TensorLiteral, shape: [Int]? = nil, dtype: DType? = nil, device: Device = .cpu,
        requiresGrad: Bool = false
    ) {
        do throws(TensorError) {
            let (numbers, sizes) = try literal.flattened()
            self.init(
                numbers: numbers, shape ?? sizes, dtype ?? TensorLiteral.dtype(numbers), device,
                requiresGrad)
        } catch {
            Failure.raise(error)
            self.init(Storage.absent(), Layout(contiguous: []), dtype ?? .float32, .cpu, .poisoned)
        }
    }

    /// A 0-dimensional tensor of the number's own type.
    @_disfavoredOverload
    public convenience init<S: TensorScalar>(
        _ scalar: S, dtype: DType? = nil, device: Device = .cpu, requiresGrad: Bool = false
    ) {
        self.init(numbers: [scalar.scalar], [], dtype ?? S.tensorDType, device, requiresGrad)
    }

    /// A tensor of the array's elements, row-major in `shape`, or one-dimensional.
    ///
    /// - Errors: `.shape` where the shape does not hold as many elements.
    @_disfavoredOverload
    public convenience init<S: TensorScalar>(
        _ array: [S], shape: [Int]? = nil, dtype: DType? = nil, device: Device = .cpu,
        requiresGrad: Bool = false
    ) {
        self.init(
            elements: array, shape ?? [array.count], dtype ?? S.tensorDType, device, requiresGrad)
    }

    /// A matrix from nested arrays, and a tensor of three dimensions from arrays nested twice.
    @_disfavoredOverload
    public convenience init<S: TensorScalar>(
        _ array: [[S]], dtype: DType? = nil, device: Device = .cpu, requiresGrad: Bool = false
    ) {
        let width = array.first?.count ?? 0
        let isRagged = array.contains { $0.count != width }
        self.init(
            elements: array.flatMap { $0 }, isRagged ? [-1] : [array.count, width],
            dtype ?? S.tensorDType, device, requiresGrad)
    }
    /// A three-dimensional tensor of nested arrays, which must be of equal lengths.
    @_disfavoredOverload
    public convenience init<S: TensorScalar>(
        _ array: [[[S]]], dtype: DType? = nil, device: Device = .cpu, requiresGrad: Bool = false
    ) {
        let (rows, width) = (array.first?.count ?? 0, array.first?.first?.count ?? 0)
        let isRagged = array.contains { $0.count != rows || $0.contains { $0.count != width } }
        self.init(
            elements: array.flatMap { $0.flatMap { $0 } },
            isRagged ? [-1] : [array.count, rows, width], dtype ?? S.tensorDType, device,
            requiresGrad)
    }

    private convenience init(
        numbers: [Scalar], _ shape: [Int], _ dtype: DType, _ device: Device, _ requiresGrad: Bool
    ) {
        self.init(checked: shape, count: numbers.count, dtype, device)
        if let memory = storage.memory {
            for (i, number) in numbers.enumerated() {
                CPU.encode(number, dtype, memory + i * dtype.itemSize)
            }
        }
        if requiresGrad { requiresGrad_() }
    }

    private convenience init<S: TensorScalar>(
        elements: [S], _ shape: [Int], _ dtype: DType, _ device: Device, _ requiresGrad: Bool
    ) {
        self.init(checked: shape, count: elements.count, dtype, device)
        if let memory = storage.memory {
            if S.tensorDType == dtype, !elements.isEmpty, MemoryLayout<S>.size == dtype.itemSize {
                elements.withUnsafeBytes {
                    memory.copyMemory(from: $0.baseAddress!, byteCount: $0.count)
                }
            } else {
                for (i, element) in elements.enumerated() {
                    CPU.encode(element.scalar, dtype, memory + i * dtype.itemSize)
                }
            }
        }
        if requiresGrad { requiresGrad_() }
    }

    /// Uninitialised, of a shape that must hold `count` elements.
    private convenience init(checked shape: [Int], count: Int, _ dtype: DType, _ device: Device) {
        let sizes = Dims(shape)
        if shape.contains(where: { $0 < 0 }) || sizes.checkedProduct != count {
            let error =
                sizes.count > Dims.capacity
                ? Door.uncountable(sizes)
                : TensorError(
                    .shape,
                    shape == [-1]
                        ? "the rows of a nested array have different lengths"
                        : "shape \(shape) does not hold the \(count) elements given")
            Failure.raise(Door.named(error, "Tensor"))
            self.init(Storage.absent(), Layout(contiguous: [count]), dtype, .cpu, .poisoned)
        } else {
            self.init(placed: sizes, dtype, device, "Tensor")
        }
    }

    /// Uninitialised, on a device that must be there. Poisoned in a failed scope.
    convenience init(placed sizes: Dims, _ dtype: DType, _ device: Device, _ operation: String) {
        let mode = Mode.current
        if device != .cpu && device != .meta {
            Failure.raise(
                TensorError(
                    .device,
                    "device \(device) is not available: this build computes on the cpu (and .meta)",
                    operation: operation))
            self.init(Storage.absent(), Layout(contiguous: sizes), dtype, .cpu, .poisoned)
        } else if mode.isFailing {
            self.init(Storage.absent(), Layout(contiguous: sizes), dtype, .cpu, .poisoned)
        } else if let error = Door.lackOfRoom(sizes, dtype, device) {
            Failure.raise(Door.named(error, operation))
            self.init(Storage.absent(), Layout(contiguous: sizes), dtype, .cpu, .poisoned)
        } else {
            self.init(empty: sizes, dtype, device)
            if mode.isInference { flags.insert(.inference) }
        }
    }
}
