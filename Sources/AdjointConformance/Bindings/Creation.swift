import AdjointCore

extension Calls {
    mutating func addCreation() {
        bind("zeros") { try $0.made { .zeros(try $0.ints(from: 0, "size"), dtype: $1) } }
        bind("ones") { try $0.made { .ones(try $0.ints(from: 0, "size"), dtype: $1) } }
        bind("full") { arguments in
            try arguments.made {
                let sizes = try $0.ints(0, "size") ?? []
                return switch try $0.operand(1, "fill_value") {
                case .int(let value): .full(sizes, value, dtype: $1)
                case .float(let value): .full(sizes, value, dtype: $1)
                case .bool(let value): .full(sizes, value, dtype: $1)
                case .tensor(let value): value.expand(sizes).clone()
                }
            }
        }
        bind("full_like") { arguments in
            try arguments.made { arguments, _ in
                let (x, dtype) = (try arguments.tensor(0), try arguments.given)
                return switch try arguments.operand(1, "fill_value") {
                case .int(let value): .fullLike(x, value, dtype: dtype)
                case .float(let value): .fullLike(x, value, dtype: dtype)
                case .bool(let value): .fullLike(x, value, dtype: dtype)
                case .tensor(let value): value.expandAs(x).to(dtype ?? x.dtype).clone()
                }
            }
        }
        bind("zeros_like") {
            try $0.made { arguments, _ in
                .zerosLike(try arguments.tensor(0), dtype: try arguments.given)
            }
        }
        bind("ones_like") {
            try $0.made { arguments, _ in
                .onesLike(try arguments.tensor(0), dtype: try arguments.given)
            }
        }
        bind("eye") {
            try $0.made { .eye(try $0.int(0, "n", or: 0), try $0.int(1, "m"), dtype: $1) }
        }
        bind("scalar_tensor") { arguments in
            try arguments.made {
                switch try $0.operand(0, "s") {
                case .int(let value): .scalarTensor(value, dtype: $1)
                case .float(let value): .scalarTensor(value, dtype: $1)
                case .bool(let value): .scalarTensor(value, dtype: $1)
                case .tensor(let value): value.to($1)
                }
            }
        }
        bind("arange") { arguments in
            let dtype = try arguments.given
            return try arguments.made { arguments, _ in try arguments.range(dtype) }
        }
        bind("linspace") { arguments in
            try arguments.made {
                let count = try $0.int(2, "steps", or: 0)
                return switch (try $0.end(0, "start"), try $0.end(1, "end")) {
                case (.float(let a), .float(let b)): .linspace(a, b, count, dtype: $1)
                case (.tensor(let a), .float(let b)): .linspace(a, b, count, dtype: $1)
                case (.float(let a), .tensor(let b)): .linspace(a, b, count, dtype: $1)
                case (.tensor(let a), .tensor(let b)): .linspace(a, b, count, dtype: $1)
                default: throw Mismatch("linspace has no such ends")
                }
            }
        }
        bind("logspace") { arguments in
            try arguments.made {
                let (count, base) = (
                    try $0.int(2, "steps", or: 0), try $0.double(3, "base", or: 10)
                )
                return switch (try $0.end(0, "start"), try $0.end(1, "end")) {
                case (.float(let a), .float(let b)): .logspace(a, b, count, base: base, dtype: $1)
                case (.tensor(let a), .float(let b)): .logspace(a, b, count, base: base, dtype: $1)
                case (.float(let a), .tensor(let b)): .logspace(a, b, count, base: base, dtype: $1)
                case (.tensor(let a), .tensor(let b)): .logspace(a, b, count, base: base, dtype: $1)
                default: throw Mismatch("logspace has no such ends")
                }
            }
        }
        bind("tril_indices") {
            try $0.made { arguments, _ in
                .trilIndices(
                    try arguments.int(0, "row", or: 0), try arguments.int(1, "col", or: 0),
                    offset: try arguments.int(2, "offset", or: 0),
                    dtype: try arguments.given ?? .int64)
            }
        }
        bind("triu_indices") {
            try $0.made { arguments, _ in
                .triuIndices(
                    try arguments.int(0, "row", or: 0), try arguments.int(1, "col", or: 0),
                    offset: try arguments.int(2, "offset", or: 0),
                    dtype: try arguments.given ?? .int64)
            }
        }
    }
}

extension Arguments {
    /// The dtype that the call names.
    fileprivate var given: DType? {
        get throws { try dtype(nil, "dtype") }
    }

    /// What `make` gives for the dtype, with the other options that all factories have.
    fileprivate func made(_ make: (Arguments, DType) throws -> Tensor) throws -> [Tensor] {
        ignore("layout", "pin_memory", "memory_format")
        if let device = try text(nil, "device"), device != "cpu" {
            throw Mismatch("a tensor on \(device)")
        }
        let tensor = try make(self, try given ?? .float32)
        return [try bool(nil, "requires_grad") ? tensor.requiresGrad_() : tensor]
    }

    /// An end of a line: a tensor, or a number as a float.
    fileprivate func end(_ position: Int, _ keyword: String) throws -> Operand {
        if case .tensor(let tensor) = try operand(position, keyword) { return .tensor(tensor) }
        return .float(try double(position, keyword, or: 0))
    }

    /// `arange` of an end, of a start and an end, or of both and a step.
    fileprivate func range(_ dtype: DType?) throws -> Tensor {
        let named = try double(nil, "start")
        let isEndAlone = count == 1 && named == nil && keywords["end"] == nil
        let start = isEndAlone ? 0 : try named ?? double(0, or: 0)
        let end = try double(isEndAlone ? 0 : 1, "end", or: 0)
        let step = try double(2, "step", or: 1)
        let numbers =
            (0..<3).map { argument($0) } + ["start", "end", "step"].map { argument(nil, $0) }
        let areWhole = numbers.allSatisfy { if case .float = $0 { false } else { true } }
        return .arange(start, end, step, dtype: dtype ?? (areWhole ? .int64 : .float32))
    }
}
