//===--- text.c - numbers as text -------------------------------------------------------------===//

#include "adjoint_text.h"

#include <stdio.h>

size_t adj_format_double(char *text, size_t capacity, int scientific, int digits, double value) {
    int count = snprintf(text, capacity, scientific ? "%.*e" : "%.*f", digits, value);
    if (count < 0) return 0;
    size_t length = (size_t)count < capacity ? (size_t)count : capacity - 1;
    for (size_t i = 0; i < length; i++)
        if (text[i] == ',') text[i] = '.';
    return length;
}
