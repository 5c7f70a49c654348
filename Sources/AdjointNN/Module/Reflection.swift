import AdjointCore

/// Finds the parts of a module in its stored properties.
enum Reflection {
    static func parts(of module: any Module) -> [ModulePart] {
        var mirrors: [Mirror] = []
        var next: Mirror? = Mirror(reflecting: module)
        while let mirror = next {
            mirrors.append(mirror)
            next = mirror.superclassMirror
        }
        var parts: [ModulePart] = []
        for mirror in mirrors.reversed() {
            for (label, value) in mirror.children {
                guard let label else { continue }
                append(value, pythonName(label), to: &parts)
            }
        }
        return parts
    }

    private static func append(_ value: Any, _ name: String, to parts: inout [ModulePart]) {
        switch value {
        case let parameter as Parameter: parts.append(.init(name, .parameter(parameter)))
        case let buffer as Buffer: parts.append(.init(name, .buffer(buffer)))
        case let module as any Module: parts.append(.init(name, .module(module)))
        // Casting to an array converts every element: only containers of parts are looked into.
        case is Tensor, is String, is Int, is Double, is Bool, is Float: break
        default: appendContents(of: value, name, to: &parts)
        }
    }

    private static func appendContents(
        of value: Any, _ name: String, to parts: inout [ModulePart]
    ) {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            if let some = mirror.children.first { append(some.value, name, to: &parts) }
        case .collection:
            for (i, element) in mirror.children.enumerated() {
                // A collection of numbers ends the search with its first.
                guard mayHoldParts(element.value) else { break }
                append(element.value, "\(name).\(i)", to: &parts)
            }
        case .dictionary:
            var entries: [(key: String, value: Any)] = []
            for child in mirror.children {
                guard let (key, value) = child.value as? (key: String, value: Any) else { return }
                entries.append((key, value))
            }
            for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
                append(value, "\(name).\(key)", to: &parts)
            }
        default: break
        }
    }

    private static func mayHoldParts(_ value: Any) -> Bool {
        if value is any Module || value is Tensor { return true }
        switch Mirror(reflecting: value).displayStyle {
        case .optional, .collection, .dictionary: return true
        default: return false
        }
    }

    /// A Swift property's name as PyTorch would write it: `runningMean` is "running_mean".
    static func pythonName(_ label: String) -> String {
        let lazyPrefix = "$__lazy_storage_$_"
        let name = label.hasPrefix(lazyPrefix) ? label.dropFirst(lazyPrefix.count) : label[...]
        let letters = Array(name)
        var result = ""
        for (i, letter) in letters.enumerated() {
            if letter.isUppercase, i > 0 {
                let follows = letters[i - 1].isLowercase || letters[i - 1].isNumber
                let begins =
                    letters[i - 1].isUppercase && i + 1 < letters.count
                    && letters[i + 1].isLowercase
                if follows || begins { result.append("_") }
            }
            result += letter.lowercased()
        }
        return result
    }
}
