#!/bin/bash
echo "PASS one"; echo "FAIL two: expected 1, got 2, here"; exit 1
