import AdjointCore

/// Reads a pickle (Python's serialisation, protocols 2 to 5) without executing anything: opcodes
/// that build plain data are understood, and calls of the few functions that make PyTorch's tensors
/// are recorded as descriptions. Everything else is refused by name.
///
/// Each opcode takes at least one byte and adds at most a few words, so that memory is bounded by
/// the pickle's own size.
struct PickleMachine {
    /// Why a pickle was refused, and what to do if the file is not just damaged.
    struct Failure: Error {
        let problem: String
        var advice: String?

        init(_ problem: String, advice: String? = nil) {
            self.problem = problem
            self.advice = advice
        }
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    /// Pairs of OrderedDicts that may still be copied, so that one list copied over and over cannot
    /// take more than the pickle's size.
    private var copies: Int
    /// Longer keys and higher ranks are refused: each use of one costs its length.
    private static let longestKey = 4096
    private static let highestRank = 64
    private(set) var tuples: [[PickleValue]] = []
    private(set) var lists: [[PickleValue]] = []
    private(set) var dictionaries: [[PickleKey: PickleValue]] = []
    private(set) var storages: [PickleStorage] = []
    private(set) var tensors: [PickleTensor] = []

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        copies = bytes.count
    }

    /// Bytes of the pickle.
    var size: Int { bytes.count }

    /// The value that the pickle describes.
    mutating func run() throws(Failure) -> PickleValue {
        while true {
            let opcode = try byte()
            if opcode == UInt8(ascii: ".") { break }
            try step(opcode)
        }
        guard position == bytes.count else { throw Failure("something follows the pickle's end") }
        let value = try pop()
        guard stack.isEmpty, marks.isEmpty else { throw Failure("the pickle ends too early") }
        return value
    }

    private mutating func step(_ opcode: UInt8) throws(Failure) {
        switch opcode {
        case 0x80:  // PROTO
            let version = try byte()
            guard (2...5).contains(version) else {
                throw Failure("the pickle has protocol \(version), where 2 to 5 are read")
            }
        case 0x95: _ = try take(8)  // FRAME: says how much to buffer
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x88: stack.append(.bool(true))
        case 0x89: stack.append(.bool(false))
        case UInt8(ascii: "K"): stack.append(.int(Int(try byte())))
        case UInt8(ascii: "M"): stack.append(.int(Int(try number(UInt16.self))))
        case UInt8(ascii: "J"): stack.append(.int(Int(try number(Int32.self))))
        case 0x8A: stack.append(try long(Int(try byte())))
        case UInt8(ascii: "G"):
            stack.append(.float(Double(bitPattern: try number(UInt64.self).byteSwapped)))
        case UInt8(ascii: "X"): stack.append(.string(try text(Int(try number(UInt32.self)))))
        case 0x8C: stack.append(.string(try text(Int(try byte()))))
        case 0x8D:  // BINUNICODE8
            guard let count = Int(exactly: try number(UInt64.self)) else {
                throw Failure("the pickle is truncated")
            }
            stack.append(.string(try text(count)))
        case UInt8(ascii: ")"): pushTuple([])
        case 0x85: pushTuple(try pop(1))
        case 0x86: pushTuple(try pop(2))
        case 0x87: pushTuple(try pop(3))
        case UInt8(ascii: "t"): pushTuple(try popToMark())
        case UInt8(ascii: "]"):
            lists.append([])
            stack.append(.list(lists.count - 1))
        case UInt8(ascii: "a"): try extend(try pop(1))
        case UInt8(ascii: "e"): try extend(try popToMark())
        case UInt8(ascii: "}"): pushDictionary()
        case UInt8(ascii: "s"): try insert(try pop(2))
        case UInt8(ascii: "u"): try insert(try popToMark())
        case UInt8(ascii: "q"): memo[Int(try byte())] = try top()
        case UInt8(ascii: "r"): memo[Int(try number(UInt32.self))] = try top()
        case 0x94: memo[memo.count] = try top()
        case UInt8(ascii: "h"): try recall(Int(try byte()))
        case UInt8(ascii: "j"): try recall(Int(try number(UInt32.self)))
        case UInt8(ascii: "c"): try pushGlobal(try line(), try line())
        case 0x93:  // STACK_GLOBAL
            let names = try pop(2)
            guard case .string(let module) = names[0], case .string(let name) = names[1] else {
                throw Failure("a global's name is no text")
            }
            try pushGlobal(module, name)
        case UInt8(ascii: "Q"): try pushStorage(try pop())
        case UInt8(ascii: "R"):
            let call = try pop(2)
            stack.append(try result(of: call[0], call[1]))
        case UInt8(ascii: "b"):  // BUILD: attributes, which no tensor needs
            _ = try pop()
            guard case .dictionary = try top() else {
                throw Failure("attributes are set on something that is no dictionary")
            }
        default:
            let code = String(opcode, radix: 16)
            throw Failure(
                "the pickle holds the opcode 0x\(code), which no state dict needs",
                advice: "save a state dict alone: torch.save(model.state_dict(), path)")
        }
    }

    // MARK: Reading

    private mutating func take(_ count: Int) throws(Failure) -> UnsafeRawBufferPointer {
        guard count <= bytes.count - position else { throw Failure("the pickle is truncated") }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
    }

    private mutating func byte() throws(Failure) -> UInt8 { try take(1)[0] }

    private mutating func number<T: FixedWidthInteger>(_ type: T.Type) throws(Failure) -> T {
        T(littleEndian: try take(MemoryLayout<T>.size).loadUnaligned(as: T.self))
    }

    private mutating func text(_ count: Int) throws(Failure) -> String {
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw Failure("a string is not valid UTF-8")
        }
        return text
    }

    private mutating func line() throws(Failure) -> String {
        guard let end = bytes[position...].prefix(256).firstIndex(of: 0x0A) else {
            throw Failure("a global's name does not end")
        }
        let name = try text(end - position)
        position += 1
        return name
    }

    /// A whole number in two's complement, little-endian.
    private mutating func long(_ count: Int) throws(Failure) -> PickleValue {
        let digits = try take(count)
        guard count <= 8 else { return .unused }
        var bits: UInt64 = (digits.last ?? 0) & 0x80 == 0 ? 0 : .max
        for digit in digits.reversed() { bits = bits << 8 | UInt64(digit) }
        return .int(Int(Int64(bitPattern: bits)))
    }

    // MARK: The stack

    /// What lies above the last mark may be taken; nothing below it.
    private var floor: Int { marks.last ?? 0 }

    private mutating func pop() throws(Failure) -> PickleValue { try pop(1)[0] }

    private mutating func pop(_ count: Int) throws(Failure) -> [PickleValue] {
        guard stack.count - floor >= count else { throw Failure("the pickle's stack runs empty") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(Failure) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw Failure("the pickle lacks a mark") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private func top() throws(Failure) -> PickleValue {
        guard stack.count > floor, let value = stack.last else {
            throw Failure("the pickle's stack runs empty")
        }
        return value
    }

    private mutating func recall(_ index: Int) throws(Failure) {
        guard let value = memo[index] else {
            throw Failure("the pickle refers to a value that it has not made")
        }
        stack.append(value)
    }

    private mutating func pushTuple(_ values: [PickleValue]) {
        tuples.append(values)
        stack.append(.tuple(tuples.count - 1))
    }

    private mutating func pushDictionary() {
        dictionaries.append([:])
        stack.append(.dictionary(dictionaries.count - 1))
    }

    private mutating func extend(_ values: [PickleValue]) throws(Failure) {
        guard case .list(let index) = try top() else {
            throw Failure("something is appended to what is no list")
        }
        lists[index] += values
    }

    private mutating func insert(_ values: [PickleValue]) throws(Failure) {
        guard case .dictionary(let index) = try top(), values.count % 2 == 0 else {
            throw Failure("something is put into what is no dictionary")
        }
        try insert(values, into: index)
    }

    private mutating func insert(_ values: [PickleValue], into index: Int) throws(Failure) {
        for i in stride(from: 0, to: values.count, by: 2) {
            switch values[i] {
            case .string(let key):
                guard key.utf8.count <= Self.longestKey else {
                    throw Failure("a name has more than \(Self.longestKey) bytes")
                }
                dictionaries[index][.string(key)] = values[i + 1]
            case .int(let key): dictionaries[index][.int(key)] = values[i + 1]
            default:
                throw Failure(
                    "a dictionary's key is neither text nor a whole number",
                    advice: "save a state dict alone: torch.save(model.state_dict(), path)")
            }
        }
    }

    // MARK: Names and calls

    private mutating func pushGlobal(_ module: String, _ name: String) throws(Failure) {
        guard let value = PickleGlobal.value(module, name) else {
            throw Failure(
                "the file asks for Python's \(DataFileError.quoted("\(module).\(name)")), and "
                    + "nothing in a file is executed",
                advice: "save a state dict alone: torch.save(model.state_dict(), path)")
        }
        stack.append(value)
    }

    /// A storage's name: ('storage', its type, its key, where it was, how many elements).
    private mutating func pushStorage(_ name: PickleValue) throws(Failure) {
        guard case .tuple(let index) = name, tuples[index].count == 5,
            case .string("storage") = tuples[index][0],
            case .global(.storage(let dtype)) = tuples[index][1],
            case .string(let key) = tuples[index][2], case .int(let count) = tuples[index][4],
            count >= 0, key.utf8.count <= Self.longestKey
        else { throw Failure("a storage's name is not as PyTorch writes it") }
        storages.append(PickleStorage(key: key, dtype: dtype, count: count))
        stack.append(.storage(storages.count - 1))
    }

    private mutating func result(
        of function: PickleValue, _ arguments: PickleValue
    ) throws(Failure) -> PickleValue {
        guard case .global(let function) = function, case .tuple(let index) = arguments else {
            throw Failure("the file calls something that is no function")
        }
        let values = tuples[index]
        switch function {
        case .orderedDictionary:
            pushDictionary()
            guard case .dictionary(let made)? = stack.popLast() else { return .none }
            if let items = values.first {
                guard case .list(let pairs) = items else {
                    throw Failure("an OrderedDict is made of something that is no list")
                }
                copies -= lists[pairs].count
                guard copies >= 0 else { throw Failure("a list is copied too often") }
                for pair in lists[pairs] {
                    var items: [PickleValue] = []
                    if case .tuple(let i) = pair { items = tuples[i] }
                    if case .list(let i) = pair { items = lists[i] }
                    guard items.count == 2 else {
                        throw Failure("an OrderedDict is made of something that is no pair")
                    }
                    try insert(items, into: made)
                }
            }
            return .dictionary(made)
        case .size:
            guard case .tuple? = values.first else { throw Failure("a Size is made of no tuple") }
            return values[0]
        case .device: return .unused
        case .rebuildTensor, .rebuildTensorV2, .rebuildTensorV3:
            return try tensor(values, statesType: function == .rebuildTensorV3)
        case .rebuildParameter, .rebuildParameterWithState:
            guard case .tensor? = values.first else {
                throw Failure("a parameter is made of something that is no tensor")
            }
            return values[0]
        case .storage: throw Failure("the file calls a storage's type")
        }
    }

    /// Arguments: storage, offset, shape, strides, whether it requires gradients, hooks, and in the
    /// third version the type.
    private mutating func tensor(
        _ values: [PickleValue], statesType: Bool
    ) throws(Failure) -> PickleValue {
        guard values.count >= (statesType ? 7 : 4), case .storage(let storage) = values[0],
            case .int(let offset) = values[1], let shape = sizes(values[2]),
            let strides = sizes(values[3])
        else { throw Failure("a tensor is not described as PyTorch writes it") }
        var dtype = storages[storage].dtype
        if statesType {
            guard case .dtype(let stated) = values[6], dtype == nil || dtype == stated else {
                throw Failure("a tensor's type is not described as PyTorch writes it")
            }
            dtype = stated
        }
        guard let dtype else { throw Failure("a tensor lies in a storage without a type") }
        tensors.append(
            PickleTensor(
                storage: storage, dtype: dtype, offset: offset, shape: shape, strides: strides))
        return .tensor(tensors.count - 1)
    }

    private func sizes(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let index) = value, tuples[index].count <= Self.highestRank else {
            return nil
        }
        var sizes: [Int] = []
        for size in tuples[index] {
            guard case .int(let number) = size, number >= 0 else { return nil }
            sizes.append(number)
        }
        return sizes
    }
}
