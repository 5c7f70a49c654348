import AdjointCore

extension Calls {
    mutating func addJoins() {
        bind("broadcast_tensors") { Tensor.broadcastTensors(try $0.tensors(from: 0)) }
        bind("cat") { [try Tensor.cat($0.tensorList(0, "tensors"), dim: $0.int(1, "dim", or: 0))] }
        bind("stack") {
            [try Tensor.stack($0.tensorList(0, "tensors"), dim: $0.int(1, "dim", or: 0))]
        }
        bind("hstack") { [Tensor.hstack(try $0.tensorList(0, "tensors"))] }
        bind("vstack") { [Tensor.vstack(try $0.tensorList(0, "tensors"))] }
        bind("dstack") { [Tensor.dstack(try $0.tensorList(0, "tensors"))] }
        bind("column_stack") { [Tensor.columnStack(try $0.tensorList(0, "tensors"))] }
        bind("meshgrid") { arguments in
            let name = try arguments.text(nil, "indexing") ?? "ij"
            guard let indexing = Tensor.GridIndexing(rawValue: name) else {
                throw Mismatch("a grid is not indexed '\(name)'")
            }
            if case .list = arguments.argument(0) {
                return Tensor.meshgrid(try arguments.tensorList(0), indexing: indexing)
            }
            return Tensor.meshgrid(try arguments.tensors(from: 0), indexing: indexing)
        }
    }

    mutating func addCopies() {
        bind("clone") { arguments in
            arguments.ignore("memory_format")
            return [try arguments.tensor(0).clone()]
        }
        bind("contiguous") { arguments in
            arguments.ignore("memory_format")
            return [try arguments.tensor(0).contiguous()]
        }
        bind("constant_pad_nd") { arguments in
            let (x, pad) = (try arguments.tensor(0), try arguments.ints(1, "pad") ?? [])
            switch arguments.argument(2, "value") {
            case nil, .null: return [x.constantPadNd(pad)]
            case .int(let value): return [x.constantPadNd(pad, value: value)]
            case .bool(let value): return [x.constantPadNd(pad, value: value)]
            default: return [x.constantPadNd(pad, value: try arguments.double(2, "value", or: 0))]
            }
        }
        bind("flip") { [try $0.tensor(0).flip($0.ints(from: 1, "dims"))] }
        bind("fliplr") { [try $0.tensor(0).fliplr()] }
        bind("flipud") { [try $0.tensor(0).flipud()] }
        bind("roll") { arguments in
            let x = try arguments.tensor(0)
            let shifts = try arguments.ints(1, "shifts") ?? []
            guard let dims = try arguments.ints(2, "dims"), !dims.isEmpty else {
                guard shifts.count == 1 else { throw Mismatch("shifts without dims: \(shifts)") }
                return [x.roll(shifts[0])]
            }
            return [x.roll(shifts, dims: dims)]
        }
        bind("rot90") {
            [try $0.tensor(0).rot90($0.int(1, "k", or: 1), dims: $0.ints(2, "dims") ?? [0, 1])]
        }
        bind("repeat") { [try $0.tensor(0).repeat($0.ints(from: 1, "repeats"))] }
        bind("tile") { [try $0.tensor(0).tile($0.ints(from: 1, "dims"))] }
        bind("repeat_interleave") { arguments in
            let (x, dim) = (try arguments.tensor(0), try arguments.int(2, "dim"))
            arguments.ignore("output_size")
            if case .tensor(let counts) = try arguments.operand(1, "repeats") {
                return [x.repeatInterleave(counts, dim: dim)]
            }
            return [x.repeatInterleave(try arguments.int(1, "repeats", or: 1), dim: dim)]
        }
        bind("tril") { [try $0.tensor(0).tril(diagonal: $0.int(1, "diagonal", or: 0))] }
        bind("triu") { [try $0.tensor(0).triu(diagonal: $0.int(1, "diagonal", or: 0))] }
    }
}
