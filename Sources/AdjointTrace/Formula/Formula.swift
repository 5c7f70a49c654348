/// The formula of an operation or a derivative as its room writes it ("p xᵖ⁻¹"), taken apart, so
/// that it can be written in one line of plain signs and with numbers in the letters' places.
struct Formula: Equatable {
    enum Piece: Equatable {
        /// A letter that stands for an operand, the result or a parameter: "x", "σ", "n".
        case letter(String)
        /// The name of a function, which what follows is the argument of.
        case function(String)
        case number(String)
        /// A sign with spaces around it where it joins two things.
        case sign(String)
        /// A raised part; its pieces.
        indirect case power([Piece])
        /// Anything else, as it is.
        case word(String)
    }

    let pieces: [Piece]
    /// For each piece, whether a space stood before it.
    private let spaced: [Bool]

    private init(_ pieces: [Piece], _ spaced: [Bool]) {
        self.pieces = pieces
        self.spaced = spaced
    }

    init(_ text: String) {
        var scanner = Scanner(text)
        scanner.run()
        pieces = scanner.pieces
        spaced = scanner.spaced
    }

    /// True where the text is mathematics alone, so that numbers may take the letters' places.
    var isPlain: Bool {
        !pieces.contains { if case .word = $0 { true } else { false } }
    }

    /// The parts between commas, where there are `count`; else nil.
    static func parts(of text: String, count: Int) -> [Formula]? {
        let parts = text.split(separator: ", ").map { Formula(String($0)) }
        return parts.count == count && parts.allSatisfy(\.isPlain) ? parts : nil
    }

    /// True where it is a sum, which a factor before it would need brackets for.
    var isSum: Bool {
        var depth = 0
        for (i, piece) in pieces.enumerated() {
            if piece == .sign("(") { depth += 1 }
            if piece == .sign(")") { depth -= 1 }
            if depth == 0, i > 0, piece == .sign("+") || piece == .sign("−") { return true }
            if depth == 0, case .word = piece { return true }
        }
        return false
    }

    /// The formula in one line, with what `replace` gives for a letter in its place.
    func text(_ replace: (String) -> String?) -> String {
        Formula.text(pieces, spaced, replace, isRaised: false)
    }

    /// The letters in it.
    var letters: Set<String> {
        func collect(_ pieces: [Piece]) -> [String] {
            pieces.flatMap { piece -> [String] in
                switch piece {
                case .letter(let name): [name]
                case .power(let inner): collect(inner)
                default: []
                }
            }
        }
        return Set(collect(pieces))
    }

    private static func text(
        _ pieces: [Piece], _ spaced: [Bool], _ replace: (String) -> String?, isRaised: Bool
    ) -> String {
        var text = ""
        for (i, piece) in pieces.enumerated() {
            if i > 0 {
                text += separator(
                    pieces[i - 1], piece, i > 1 ? pieces[i - 2] : nil, spaced[i], isRaised)
            }
            switch piece {
            case .letter(let name): text += replace(name) ?? name
            case .function(let name), .number(let name), .word(let name): text += name
            case .sign(let sign): text += sign
            case .power(let inner):
                let raised = Formula.text(
                    inner, inner.map { _ in false }, replace, isRaised: true)
                text += inner.count == 1 && !raised.hasPrefix("(") ? "^\(raised)" : "^(\(raised))"
            }
        }
        return text
    }

    /// What stands between two pieces: a product is written out.
    private static func separator(
        _ left: Piece, _ right: Piece, _ before: Piece?, _ spaced: Bool, _ isRaised: Bool
    ) -> String {
        let space = isRaised ? "" : " "
        if case .power = right { return "" }
        if right == .sign(",") || left == .sign("^") || right == .sign("^") { return "" }
        switch (left, right) {
        case (.sign("("), _), (_, .sign(")")), (.sign("√"), _), (.sign("|"), _), (_, .sign("|")):
            return spaced && left != .sign("(") && right != .sign(")") ? " " : ""
        case (.sign("−"), _):
            // A sign of the number, and not of a difference.
            if let before, endsOperand(before) { return space }
            return ""
        case (.function, .sign("(")): return spaced ? " " : ""
        case (.function, _): return " "
        case (_, .sign("(")), (_, .sign("√")):
            return endsOperand(left) ? (isRaised ? "·" : " · ") : spaced ? " " : ""
        case (.sign, _), (_, .sign): return space
        case (.word, _), (_, .word): return spaced ? " " : ""
        default: return endsOperand(left) ? (isRaised ? "·" : " · ") : " "
        }
    }

    private static func endsOperand(_ piece: Piece) -> Bool {
        switch piece {
        case .letter, .number, .power, .sign(")"): true
        default: false
        }
    }
}

extension Formula {
    /// Takes a text apart.
    fileprivate struct Scanner {
        private let characters: [Character]
        private var i = 0
        private(set) var pieces: [Piece] = []
        private(set) var spaced: [Bool] = []

        private static let functions: Set<String> = [
            "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "asinh", "acosh",
            "atanh", "atan2", "exp", "log", "log₂", "log₁₀", "erf", "erfc", "erfcx", "sign",
            "trunc", "round", "floor", "ceil", "min", "max", "det", "φ", "Φ", "Γ", "ψ", "I₀", "I₁",
            "I₀ₑ", "I₁ₑ",
        ]
        private static let raised: [Character: Character] = [
            "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7",
            "⁸": "8", "⁹": "9", "⁺": "+", "⁻": "−", "ᵃ": "a", "ᵇ": "b", "ˣ": "x", "ʸ": "y",
            "ᵖ": "p", "ⁿ": "n",
        ]
        private static let lowered: Set<Character> = [
            "₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉", "ₑ", "ᵢ", "ⱼ", "ₖ", "₊",
        ]

        init(_ text: String) { characters = Array(text) }

        private mutating func add(_ piece: Piece, _ isSpaced: Bool) {
            pieces.append(piece)
            spaced.append(isSpaced)
        }

        mutating func run() {
            var isSpaced = false
            while i < characters.count {
                let c = characters[i]
                if c == " " {
                    isSpaced = true
                    i += 1
                    continue
                }
                if Scanner.raised[c] != nil {
                    power(isSpaced)
                } else if c.isNumber, !Scanner.lowered.contains(c) {
                    add(.number(take { $0.isNumber || $0 == "." }), isSpaced)
                } else if c.isLetter, !Scanner.lowered.contains(c) {
                    name(isSpaced)
                } else {
                    i += 1
                    let known = "+-−/·()√|=<>≤≥≠?:^,".contains(c)
                    let sign = c == "-" ? "−" : String(c)
                    add(known ? .sign(sign) : .word(sign), isSpaced)
                }
                isSpaced = false
            }
        }

        private mutating func take(_ isPart: (Character) -> Bool) -> String {
            let start = i
            while i < characters.count, isPart(characters[i]) { i += 1 }
            return String(characters[start..<i])
        }

        private mutating func power(_ isSpaced: Bool) {
            let text = take { Scanner.raised[$0] != nil }
            let plain = String(text.map { Scanner.raised[$0]! })
            // The power of a function's value, or its inverse, stays as it is.
            if case .function(let name) = pieces.last {
                pieces[pieces.count - 1] = .function(name + text)
                return
            }
            var inner = Scanner(plain)
            inner.run()
            add(.power(inner.pieces), isSpaced)
        }

        private mutating func name(_ isSpaced: Bool) {
            let name = take {
                ($0.isLetter && Scanner.raised[$0] == nil) || Scanner.lowered.contains($0)
            }
            let isCalled =
                i < characters.count
                && (characters[i] == "("
                    || Scanner.functions.contains(name) && name.count > 1)
            if Scanner.functions.contains(name) || name == "σ" && isCalled {
                add(.function(name), isSpaced)
            } else if name.count == 1 {
                add(.letter(name), isSpaced)
            } else if name.count == 2, "αβγλ".contains(name.first!) {
                // Letters of two alphabets side by side are a product: "βx".
                add(.letter(String(name.first!)), isSpaced)
                add(.letter(String(name.last!)), false)
            } else if name == "else" || name == "where" {
                add(.sign(name), isSpaced)
            } else {
                add(.word(name), isSpaced)
            }
        }
    }
}
