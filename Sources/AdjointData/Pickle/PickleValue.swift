import AdjointCore

/// What a pickle can hold here. Containers stand in the machine's lists and are named by their
/// index: they may hold each other, and themselves, without that anything recurses.
enum PickleValue {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(PickleGlobal)
    case dtype(DType)
    case storage(Int)
    case tensor(Int)
    /// Something that no tensor needs: a device, a number of more than 64 bits.
    case unused
}

/// A key of a dictionary.
enum PickleKey: Hashable {
    case string(String)
    case int(Int)

    var text: String {
        switch self {
        case .string(let text): text
        case .int(let number): String(number)
        }
    }
}

/// The names that a state dict needs, of all those that a pickle could ask Python for.
enum PickleGlobal: Equatable {
    case orderedDictionary, size, device
    case rebuildTensor, rebuildTensorV2, rebuildTensorV3
    case rebuildParameter, rebuildParameterWithState
    /// A storage of elements of this type; of bytes if nil.
    case storage(DType?)

    private static let storages: [(name: String, dtype: DType)] = [
        ("FloatStorage", .float32), ("DoubleStorage", .float64), ("HalfStorage", .float16),
        ("BFloat16Storage", .bfloat16), ("LongStorage", .int64), ("IntStorage", .int32),
        ("ShortStorage", .int16), ("CharStorage", .int8), ("ByteStorage", .uint8),
        ("BoolStorage", .bool),
    ]

    /// How PyTorch calls the storages of `dtype`.
    static func storageName(_ dtype: DType) -> String {
        storages.first { $0.dtype == dtype }?.name ?? "UntypedStorage"
    }

    /// What `module.name` stands for; nil where that is not among what is needed.
    static func value(_ module: String, _ name: String) -> PickleValue? {
        switch (module, name) {
        case ("collections", "OrderedDict"): return .global(.orderedDictionary)
        case ("torch._utils", "_rebuild_tensor"): return .global(.rebuildTensor)
        case ("torch._utils", "_rebuild_tensor_v2"): return .global(.rebuildTensorV2)
        case ("torch._utils", "_rebuild_tensor_v3"): return .global(.rebuildTensorV3)
        case ("torch._utils", "_rebuild_parameter"): return .global(.rebuildParameter)
        case ("torch._utils", "_rebuild_parameter_with_state"):
            return .global(.rebuildParameterWithState)
        case ("torch", "Size"): return .global(.size)
        case ("torch", "device"): return .global(.device)
        case ("torch", "UntypedStorage"), ("torch.storage", "UntypedStorage"):
            return .global(.storage(nil))
        case ("torch", _):
            if let storage = storages.first(where: { $0.name == name }) {
                return .global(.storage(storage.dtype))
            }
            return DType.allCases.first { $0.description == name }.map { .dtype($0) }
        default: return nil
        }
    }
}

/// A storage that a pickle names: an entry of the archive that the pickle stands in.
struct PickleStorage: Hashable {
    let key: String
    /// Nil where elements are bytes, whose type each tensor states.
    let dtype: DType?
    /// Elements.
    let count: Int
}

/// A tensor that a pickle describes. Nothing of it is checked yet.
struct PickleTensor {
    /// Its index among the storages.
    let storage: Int
    let dtype: DType
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}
